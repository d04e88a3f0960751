package io.giftorders.localalipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.api.AlipayApiException;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.alipay.api.response.AlipayTradeQueryResponse;
import com.alipay.api.response.AlipayTradeRefundResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong goes wrong as announced, as often as announced, and for the order that was named. */
class FaultsTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.start();
    private static final Seller SELLER = new Seller(ALIPAY);

    private final String order = Seller.newOrder();

    @AfterAll
    static void closeShop() {
        SELLER.close();
        ALIPAY.close();
    }

    @AfterEach
    void repair() {
        ALIPAY.faults().reset();
    }

    @Test
    void aDroppedNotifyArrivesWithTheRepetitions() {
        ALIPAY.faults().next(2).of(order).add(Fault.NOTIFY_DROP);

        pay();

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
        assertThat(ALIPAY.deliveries(order)).extracting(Delivery::status).startsWith(0, 0);
        await().untilAsserted(() -> assertThat(ALIPAY.deliveries(order))
                .extracting(Delivery::accepted)
                .containsExactly(false, false, true));
    }

    @Test
    void aFaultOfOneOrderSparesTheOthers() {
        ALIPAY.faults().always().of("another").add(Fault.NOTIFY_NEVER);

        pay();

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
    }

    @Test
    void aNotifyThatIsNeverSentLeavesTheQuery() throws AlipayApiException {
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_NEVER);

        pay();

        assertThat(query().getTradeStatus()).isEqualTo("TRADE_SUCCESS");
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(ALIPAY.deliveries(order)).isEmpty());
    }

    @Test
    void aDelayedNotifyComesAfterTheReturn() {
        ALIPAY.faults().next(1).of(order).lasting(Duration.ofMillis(600)).add(Fault.NOTIFY_DELAY);

        pay();

        await().during(Duration.ofMillis(300)).atMost(Duration.ofMillis(500)).until(() -> SELLER.heard(order)
                .isEmpty());
        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
    }

    @Test
    void copiesAreTheSameNotify() {
        ALIPAY.faults().next(1).of(order).copies(3).add(Fault.NOTIFY_DUPLICATE);

        pay();

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(4));
        assertThat(SELLER.heard(order))
                .extracting(notice -> notice.get("notify_id"))
                .containsOnly(SELLER.heard(order).get(0).get("notify_id"));
    }

    @Test
    void theRefundIsHeardBeforeThePayment() throws AlipayApiException {
        ALIPAY.faults().add(Fault.PARTIAL_REFUND_NOTICES);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_REORDER);

        pay();
        refund("r1", "8.80");

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(2));
        assertThat(SELLER.heard(order).get(0))
                .containsEntry("trade_status", "TRADE_SUCCESS")
                .containsEntry("refund_fee", "8.80")
                .containsEntry("out_biz_no", "r1")
                .containsKey("gmt_refund");
        assertThat(SELLER.heard(order).get(1))
                .containsEntry("trade_status", "TRADE_SUCCESS")
                .doesNotContainKey("refund_fee");
    }

    @Test
    void theSellerHearsBeforeTheBuyerReturns() {
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_BEFORE_RETURN);

        pay();

        assertThat(SELLER.heard(order)).hasSize(1);
    }

    @Test
    void aBadSignatureIsMendedByTheRepetition() {
        SELLER.answer("fail");
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_BAD_SIGNATURE);

        pay();

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSizeGreaterThan(1));
        SELLER.answer("success");
        assertThat(SELLER.verifies(SELLER.heard(order).get(0))).isFalse();
        assertThat(SELLER.verifies(SELLER.heard(order).get(1))).isTrue();
    }

    @Test
    void wrongFactsAreSignedLikeRightOnes() {
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_WRONG_AMOUNT);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_WRONG_APP);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_WRONG_SELLER);

        pay();

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
        Map<String, String> notice = SELLER.heard(order).get(0);
        assertThat(SELLER.verifies(notice)).isTrue();
        assertThat(notice).containsEntry("total_amount", "88.81");
        assertThat(notice.get("app_id")).isNotEqualTo(ALIPAY.appId());
        assertThat(notice.get("seller_id")).isNotEqualTo(ALIPAY.sellerId());
    }

    @Test
    void aNotifyInGbkIsReadAndVerifiedInGbk() {
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_GBK);

        pay();

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
        Map<String, String> notice = SELLER.heard(order).get(0);
        assertThat(notice).containsEntry("charset", "GBK").containsEntry("subject", "两只茶杯 + Tee");
        assertThat(SELLER.verifies(notice)).isTrue();
    }

    @Test
    void closingAndFullRefundsAreToldOnRequest() throws AlipayApiException {
        ALIPAY.faults().add(Fault.CLOSE_NOTICES);
        pay();
        refund("r1", "88.80");
        String other = Seller.newOrder();
        ALIPAY.open(SELLER.payUrl(other));
        ALIPAY.login(other);
        ALIPAY.expire(other);

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(2));
        assertThat(SELLER.heard(order)).anySatisfy(notice -> assertThat(notice)
                .containsEntry("trade_status", "TRADE_CLOSED")
                .containsEntry("refund_fee", "88.80"));
        await().untilAsserted(() -> assertThat(SELLER.heard(other)).hasSize(1));
        assertThat(SELLER.heard(other).get(0))
                .containsEntry("trade_status", "TRADE_CLOSED")
                .doesNotContainKeys("refund_fee", "gmt_payment");
    }

    @Test
    void aTradeRunsOutByItself() {
        ALIPAY.faults().add(Fault.CLOSE_NOTICES);
        ALIPAY.open(SELLER.payUrl(Seller.order(order, "1.00", Duration.ofSeconds(2)), "GET"));
        ALIPAY.login(order);

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
        assertThat(SELLER.heard(order).get(0)).containsEntry("trade_status", "TRADE_CLOSED");
    }

    @Test
    void anOrderIsPaidTwiceAndEachPaymentIsRefundedByItsOwnNumber() throws AlipayApiException {
        pay();
        String second = "20261122220099" + System.nanoTime();

        ALIPAY.forcePaid(order, second);

        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(2));
        assertThat(SELLER.heard(order)).extracting(one -> one.get("trade_no")).doesNotHaveDuplicates();
        assertThat(query().getTradeNo()).isNotEqualTo(second);
        AlipayTradeRefundResponse answer = SELLER.ask(
                new AlipayTradeRefundRequest(),
                AlipayTradeRefundRequest::setBizContent,
                "trade_no",
                second,
                "refund_amount",
                "88.80",
                "out_request_no",
                "second");
        assertThat(answer.getFundChange()).isEqualTo("Y");
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo(BigDecimal.ZERO);
        assertThat(ALIPAY.tradeNumbered(second).status()).isEqualTo("TRADE_CLOSED");
    }

    @Test
    void moneyArrivesForAClosedTradeAndForOneThatNeverWas() throws AlipayApiException {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.login(order);
        SELLER.ask(new AlipayTradeCloseRequest(), AlipayTradeCloseRequest::setBizContent, "out_trade_no", order);
        String never = Seller.newOrder();
        ALIPAY.open(SELLER.payUrl(never));
        ALIPAY.expire(never);

        ALIPAY.forcePaidAfterClose(order);
        ALIPAY.forcePaidAfterClose(never);

        assertThat(SELLER.status(order)).isEqualTo("TRADE_SUCCESS");
        assertThat(SELLER.status(never)).isEqualTo("TRADE_SUCCESS");
        await().untilAsserted(() -> {
            assertThat(SELLER.heard(order)).hasSize(1);
            assertThat(SELLER.heard(never)).hasSize(1);
        });
    }

    @Test
    void theWorkIsDoneAlthoughTheAnswerIsLost() {
        pay();
        // the JDK's client repeats a POST by itself when a kept connection ends without an answer
        for (Fault fault : List.of(Fault.GATEWAY_ANSWER_LOST, Fault.GATEWAY_UNKNOWN, Fault.GATEWAY_BAD_SIGNATURE)) {
            ALIPAY.faults().reset();
            ALIPAY.faults().always().of(order).add(fault);
            String number = "r-" + fault;

            try {
                assertThat(refund(number, "1.00").getCode()).isEqualTo("20000");
            } catch (AlipayApiException | RuntimeException lost) {
                assertThat(fault).isNotEqualTo(Fault.GATEWAY_UNKNOWN);
            }

            assertThat(ALIPAY.trade(order).refunds()).containsKey(number);
        }
    }

    @Test
    void nothingIsDoneWhenTheGatewayDoesNotEvenListen() {
        pay();
        for (Fault fault : List.of(
                Fault.GATEWAY_RESET,
                Fault.GATEWAY_HTTP_500,
                Fault.GATEWAY_HTML,
                Fault.GATEWAY_RATE_LIMIT,
                Fault.GATEWAY_UNSIGNED_FAILURE,
                Fault.GATEWAY_SIGNED_FAILURE)) {
            ALIPAY.faults().reset();
            ALIPAY.faults().always().of(order).add(fault);

            try {
                assertThat(refund("r1", "1.00").getCode()).isIn("40004", "40005");
            } catch (AlipayApiException | RuntimeException unreadable) {
                assertThat(fault).isIn(Fault.GATEWAY_RESET, Fault.GATEWAY_HTTP_500, Fault.GATEWAY_HTML);
            }

            assertThat(ALIPAY.trade(order).refunds()).isEmpty();
        }
    }

    @Test
    void aFailureSaysWhatItWasToldToSay() throws AlipayApiException {
        pay();
        ALIPAY.faults().next(1).subCode("ACQ.SELLER_BALANCE_NOT_ENOUGH").add(Fault.GATEWAY_SIGNED_FAILURE);
        ALIPAY.faults().next(1).subCode("ACQ.TRADE_NOT_EXIST").add(Fault.GATEWAY_UNSIGNED_FAILURE);

        AlipayTradeQueryResponse unsigned = query();
        AlipayTradeQueryResponse signed = query();

        assertThat(unsigned.getSubCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        assertThat(unsigned.getBody()).doesNotContain("\"sign\"");
        assertThat(signed.getSubCode()).isEqualTo("ACQ.SELLER_BALANCE_NOT_ENOUGH");
        assertThat(signed.getBody()).contains("\"sign\"");
    }

    @Test
    void theForgeryPassesTheSdksCheck() throws AlipayApiException {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.login(order);
        ALIPAY.faults().next(1).of(order).add(Fault.GATEWAY_EXTRA_ROOT_OBJECT);

        AlipayTradeQueryResponse deceived = query();

        assertThat(deceived.getTradeStatus()).isEqualTo("TRADE_SUCCESS");
        assertThat(SELLER.status(order)).isEqualTo("WAIT_BUYER_PAY");
    }

    @Test
    void aDelayOutlastsTheSdksPatienceAndADripDoesNot() throws AlipayApiException {
        pay();
        ALIPAY.faults().next(2).of(order).lasting(Duration.ofSeconds(4)).add(Fault.GATEWAY_DELAY);
        assertThatThrownBy(this::query).isInstanceOf(AlipayApiException.class);
        ALIPAY.faults().reset();

        ALIPAY.faults().next(1).of(order).add(Fault.GATEWAY_DRIP);
        long start = System.nanoTime();
        assertThat(query().getTradeStatus()).isEqualTo("TRADE_SUCCESS");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(6));
    }

    private void pay() {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.pay(order);
    }

    private AlipayTradeQueryResponse query() throws AlipayApiException {
        return SELLER.ask(new AlipayTradeQueryRequest(), AlipayTradeQueryRequest::setBizContent, "out_trade_no", order);
    }

    private AlipayTradeRefundResponse refund(String number, String amount) throws AlipayApiException {
        return SELLER.ask(
                new AlipayTradeRefundRequest(),
                AlipayTradeRefundRequest::setBizContent,
                "out_trade_no",
                order,
                "out_request_no",
                number,
                "refund_amount",
                amount);
    }
}
