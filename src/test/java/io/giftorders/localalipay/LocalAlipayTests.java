package io.giftorders.localalipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.alipay.api.AlipayApiException;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import com.alipay.api.response.AlipayTradeFastpayRefundQueryResponse;
import com.alipay.api.response.AlipayTradeQueryResponse;
import com.alipay.api.response.AlipayTradeRefundResponse;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The official SDK, as it comes, talks to the stand-in and believes every word. */
class LocalAlipayTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.start();
    private static final Seller SELLER = new Seller(ALIPAY);

    private final String order = Seller.newOrder();

    @AfterAll
    static void closeShop() {
        SELLER.close();
        ALIPAY.close();
    }

    @Test
    void anOrderThatNobodyOpenedHasNoTrade() throws AlipayApiException {
        AlipayTradeQueryResponse answer = query();

        assertThat(answer.getSubCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        assertThat(answer.getSubMsg()).isEqualTo("交易不存在");
    }

    @Test
    void anOpenedPageMakesNoTradeUntilTheBuyerLogsIn() throws AlipayApiException {
        assertThat(ALIPAY.open(SELLER.payUrl(order))).isEqualTo(order);
        assertThat(query().getSubCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");

        ALIPAY.login(order);

        AlipayTradeQueryResponse answer = query();
        assertThat(answer.getTradeStatus()).isEqualTo("WAIT_BUYER_PAY");
        assertThat(answer.getTotalAmount()).isEqualTo("88.80");
        assertThat(answer.getReceiptAmount()).isEqualTo("0.00");
        assertThat(answer.getPassbackParams()).isEqualTo("a%3D1");
    }

    @Test
    void aPaymentIsToldToServerAndBrowserInSignedWords() throws AlipayApiException {
        ALIPAY.open(SELLER.payUrl(order));
        String back = ALIPAY.pay(order);

        AlipayTradeQueryResponse answer = query();
        assertThat(answer.getTradeStatus()).isEqualTo("TRADE_SUCCESS");
        assertThat(answer.getSendPayDate()).isNotNull();
        Map<String, String> returned = Seller.parameters(back);
        assertThat(SELLER.verifies(returned)).isTrue();
        assertThat(returned)
                .containsOnlyKeys(
                        "charset",
                        "out_trade_no",
                        "method",
                        "total_amount",
                        "sign",
                        "trade_no",
                        "auth_app_id",
                        "version",
                        "app_id",
                        "sign_type",
                        "seller_id",
                        "timestamp");
        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
        Map<String, String> notice = SELLER.heard(order).get(0);
        assertThat(SELLER.verifies(notice)).isTrue();
        assertThat(notice)
                .containsEntry("trade_status", "TRADE_SUCCESS")
                .containsEntry("total_amount", "88.80")
                .containsEntry("seller_id", ALIPAY.sellerId())
                .containsEntry("app_id", ALIPAY.appId())
                .containsEntry("trade_no", answer.getTradeNo())
                .doesNotContainKey("refund_fee");
    }

    @Test
    void whatWasAlteredAfterSigningIsNotAlipays() {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.pay(order);
        Map<String, String> altered = new HashMap<>(ALIPAY.notifyParameters(order));
        assertThat(SELLER.verifies(altered)).isTrue();

        altered.put("total_amount", "0.01");

        assertThat(SELLER.verifies(altered)).isFalse();
        assertThat(SELLER.verifies(ALIPAY.sign(altered))).isTrue();
    }

    @Test
    void aTradeIsPaidOnce() {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.pay(order);

        assertThatExceptionOfType(Declined.class)
                .isThrownBy(() -> ALIPAY.pay(order))
                .withMessageContaining("ACQ.TRADE_HAS_SUCCESS");
        assertThatExceptionOfType(Declined.class)
                .isThrownBy(() -> ALIPAY.open(SELLER.payUrl(order)))
                .withMessageContaining("ACQ.TRADE_HAS_SUCCESS");
    }

    @Test
    void onlyAWaitingTradeIsClosed() throws AlipayApiException {
        assertThat(closeTrade()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        ALIPAY.open(SELLER.payUrl(order));
        assertThat(closeTrade()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        ALIPAY.login(order);

        assertThat(closeTrade()).isEqualTo("10000");

        assertThat(query().getTradeStatus()).isEqualTo("TRADE_CLOSED");
        assertThat(closeTrade()).isEqualTo("ACQ.TRADE_STATUS_ERROR");
        assertThatExceptionOfType(Declined.class)
                .isThrownBy(() -> ALIPAY.pay(order))
                .withMessageContaining("ACQ.TRADE_HAS_CLOSE");
    }

    @Test
    void theSameRefundIsPaidOnceAndNoMoreThanWasPaid() throws AlipayApiException {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.pay(order);

        AlipayTradeRefundResponse first = refund("r1", "30.00");
        assertThat(first.getFundChange()).isEqualTo("Y");
        assertThat(first.getRefundFee()).isEqualTo("30.00");
        assertThat(refund("r1", "30.00").getFundChange()).isEqualTo("N");
        assertThat(refund("r1", "30.01").getSubCode()).isEqualTo("ACQ.DISCORDANT_REPEAT_REQUEST");
        assertThat(refund("r2", "58.81").getSubCode()).isEqualTo("ACQ.REASON_TRADE_REFUND_FEE_ERR");

        AlipayTradeRefundResponse rest = refund("r2", "58.80");

        assertThat(rest.getRefundFee()).isEqualTo("88.80");
        assertThat(query().getTradeStatus()).isEqualTo("TRADE_CLOSED");
        assertThat(refund("r2", "58.80").getFundChange()).isEqualTo("N");
        assertThat(refund("r3", "0.01").getSubCode()).isEqualTo("ACQ.TRADE_HAS_CLOSE");
        assertThat(ALIPAY.trade(order).refunds())
                .containsEntry("r1", new BigDecimal("30.00"))
                .containsEntry("r2", new BigDecimal("58.80"))
                .hasSize(2);
    }

    @Test
    void aRefundQueryKnowsWhatWasPaidBackAndNothingElse() throws AlipayApiException {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.pay(order);
        refund("r1", "30.00");

        AlipayTradeFastpayRefundQueryResponse known = refundState("r1");
        AlipayTradeFastpayRefundQueryResponse unknown = refundState("r2");

        assertThat(known.getRefundStatus()).isEqualTo("REFUND_SUCCESS");
        assertThat(known.getRefundAmount()).isEqualTo("30.00");
        assertThat(known.getTotalAmount()).isEqualTo("88.80");
        assertThat(unknown.getCode()).isEqualTo("10000");
        assertThat(unknown.getRefundStatus()).isNull();
    }

    @Test
    void nobodyPaysAfterTheDeadline() throws AlipayApiException {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.login(order);

        ALIPAY.expire(order);

        assertThat(query().getTradeStatus()).isEqualTo("TRADE_CLOSED");
        assertThatExceptionOfType(Declined.class).isThrownBy(() -> ALIPAY.pay(order));
        String late = SELLER.payUrl(Seller.order(Seller.newOrder(), "1.00", Duration.ofSeconds(-1)), "GET");
        assertThatExceptionOfType(Declined.class)
                .isThrownBy(() -> ALIPAY.open(late))
                .withMessageContaining("ORDER_EXPIRED");
    }

    @Test
    void anOrdersAmountNeverChanges() {
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.login(order);

        assertThatExceptionOfType(Declined.class)
                .isThrownBy(
                        () -> ALIPAY.open(SELLER.payUrl(Seller.order(order, "88.81", Duration.ofMinutes(15)), "GET")))
                .withMessageContaining("ACQ.CONTEXT_INCONSISTENT");
    }

    @Test
    void aLinkThatWasAlteredIsRefused() {
        String url = SELLER.payUrl(order);

        assertThatExceptionOfType(Declined.class)
                .isThrownBy(() -> ALIPAY.open(url.replace("88.80", "00.01")))
                .withMessageContaining("isv.invalid-signature");
        assertThatExceptionOfType(Declined.class)
                .isThrownBy(() -> ALIPAY.open(url.replace(ALIPAY.appId(), "2021004100000018")))
                .withMessageContaining("isv.invalid-app-id");
    }

    @Test
    void aNotifyIsRepeatedSevenTimesWhileTheSellerSaysNothingElse() {
        SELLER.answer("success\n");
        ALIPAY.open(SELLER.payUrl(order));
        ALIPAY.pay(order);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(ALIPAY.deliveries(order)).hasSize(8));
        SELLER.answer("success");

        assertThat(ALIPAY.deliveries(order)).noneMatch(Delivery::accepted);
        assertThat(ALIPAY.deliveries(order)).extracting(Delivery::attempt).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(SELLER.heard(order))
                .extracting(one -> one.get("notify_id"))
                .containsOnly(SELLER.heard(order).get(0).get("notify_id"));
    }

    private AlipayTradeQueryResponse query() throws AlipayApiException {
        return SELLER.ask(new AlipayTradeQueryRequest(), AlipayTradeQueryRequest::setBizContent, "out_trade_no", order);
    }

    private String closeTrade() throws AlipayApiException {
        var answer = SELLER.ask(
                new AlipayTradeCloseRequest(), AlipayTradeCloseRequest::setBizContent, "out_trade_no", order);
        return answer.getSubCode() == null ? answer.getCode() : answer.getSubCode();
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

    private AlipayTradeFastpayRefundQueryResponse refundState(String number) throws AlipayApiException {
        return SELLER.ask(
                new AlipayTradeFastpayRefundQueryRequest(),
                AlipayTradeFastpayRefundQueryRequest::setBizContent,
                "out_trade_no",
                order,
                "out_request_no",
                number);
    }
}
