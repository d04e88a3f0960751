package io.giftorders.payment;

import static io.giftorders.payment.Letterbox.signed;
import static io.giftorders.payment.Letterbox.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;

/** What Alipay tells, honestly signed: what follows from it, and what does not. */
@ExtendWith(OutputCaptureExtension.class)
class NotifyTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;
    private static Letterbox letterbox;
    private static long gift;

    /** A shop that learns of payments by notifies alone. */
    @BeforeAll
    static void open() {
        shop = Shop.open(
                "--gift-orders.lifecycle.first-payment-check=1h",
                "--gift-orders.lifecycle.check-every=50ms",
                "--gift-orders.payment.refund-check-every=50ms");
        letterbox = new Letterbox(shop);
        gift = shop.gift(1_000);
    }

    @AfterAll
    static void close() {
        Books.of(shop).with(gift, 1_000).mustBalance();
        shop.close();
    }

    @AfterEach
    void theLogHasNoStackTrace(CapturedOutput output) {
        ALIPAY.faults().reset();
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void aPaymentSettlesOnceHoweverOftenItIsTold() {
        String order = Customer.of(shop).paidUnheard(gift);
        Map<String, String> notify = ALIPAY.notifyParameters(order);

        letterbox.drop(notify).mustBeSuccess();
        letterbox.drop(notify).mustBeSuccess();
        letterbox.drop(ALIPAY.notifyParameters(order)).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(payments(order)).isEqualTo(1);
        assertThat(findings("order_code = " + order)).isZero();
    }

    @Test
    void aTradeThatIsFinishedIsPaid() {
        String order = Customer.of(shop).paidUnheard(gift);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_NEVER);
        ALIPAY.finish(order);
        Map<String, String> notify = ALIPAY.notifyParameters(order);
        assertThat(notify).containsEntry("trade_status", "TRADE_FINISHED");

        letterbox.drop(notify).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void aPaidOrderThatIsFinishedLaterStaysAsItIs() {
        String order = Customer.of(shop).paid(gift);
        ALIPAY.finish(order);

        letterbox.drop(ALIPAY.notifyParameters(order)).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(payments(order)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WAIT_BUYER_PAY", "TRADE_PENDING", "PAID"})
    void anyOtherStatusIsNoPayment(String status) {
        String order = Customer.of(shop).login(gift);

        letterbox
                .drop(signed(with(ALIPAY.notifyParameters(order), "trade_status", status)))
                .mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(payments(order)).isZero();
    }

    @Test
    void anUnpaidTradeThatAlipayClosedLetsTheOrderClose() {
        String order = Customer.of(shop).login(gift);
        ALIPAY.expire(order);
        assertThat(ALIPAY.trade(order).status()).isEqualTo("TRADE_CLOSED");

        letterbox.drop(ALIPAY.notifyParameters(order)).mustBeSuccess();

        Shop.await(() -> shop.status(order) == 5);
        assertThat(payments(order)).isZero();
    }

    @Test
    void aClosedTradeThatAlipayDoesNotConfirmClosesNothing() {
        String order = Customer.of(shop).login(gift);
        double before = queries();

        letterbox
                .drop(signed(with(ALIPAY.notifyParameters(order), "trade_status", "TRADE_CLOSED")))
                .mustBeSuccess();

        Shop.await(() -> queries() > before);
        assertThat(shop.status(order)).isEqualTo(1);
        String paid = Customer.of(shop).paid(gift);
        letterbox
                .drop(signed(with(ALIPAY.notifyParameters(paid), "trade_status", "TRADE_CLOSED")))
                .mustBeSuccess();
        assertThat(shop.status(paid)).isEqualTo(2);
    }

    @Test
    void aNotifyForAClosedOrderRevivesItWhileItsPiecesAreThere() {
        Customer customer = Customer.of(shop);
        String order = customer.login(gift);
        customer.act(order, "cancel");
        assertThat(shop.status(order)).isEqualTo(5);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_NEVER);
        ALIPAY.forcePaidAfterClose(order);
        Map<String, String> notify = ALIPAY.notifyParameters(order);

        letterbox.drop(notify).mustBeSuccess();
        letterbox.drop(notify).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(payments(order)).isEqualTo(1);
    }

    @Test
    void aNotifyForAClosedOrderIsPaidBackOnceItsPiecesAreGone() {
        long rare = shop.gift(2);
        Customer customer = Customer.of(shop);
        String order = customer.login(rare);
        customer.act(order, "cancel");
        Customer.of(shop).order(rare);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_NEVER);
        ALIPAY.forcePaidAfterClose(order);
        Map<String, String> notify = ALIPAY.notifyParameters(order);

        letterbox.drop(notify).mustBeSuccess();
        letterbox.drop(notify).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(5);
        Shop.await(() ->
                ALIPAY.trade(order).refunded().compareTo(ALIPAY.trade(order).totalAmount()) == 0);
        assertThat(shop.number("SELECT COUNT(*) FROM refund WHERE order_code = " + order))
                .isEqualTo(1);
    }

    @Test
    void aRefundsNoticeBeforeThePaymentsIsNoPayment() {
        String order = Customer.of(shop).login(gift);

        letterbox.drop(refundNotice(order, "first-" + order)).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(payments(order)).isZero();
        assertThat(findings("kind = 'unknown-refund' AND order_code = " + order))
                .isEqualTo(1);
    }

    @Test
    void aRefundsNoticeAfterThePaymentsChangesNothingAndIsCounted() {
        String order = Customer.of(shop).paid(gift);
        Map<String, String> notice = refundNotice(order, "second-" + order);

        letterbox.drop(notice).mustBeSuccess();
        letterbox.drop(notice).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(payments(order)).isEqualTo(1);
        assertThat(findings("kind = 'unknown-refund' AND times = 2 AND order_code = " + order))
                .isEqualTo(1);
    }

    @Test
    void theNoticeOfARefundOfOursIsNoNews() {
        String order = Customer.of(shop).paid(gift);
        ALIPAY.faults().always().of(order).add(Fault.PARTIAL_REFUND_NOTICES);

        shop.call(HttpMethod.POST, "/orders/" + order + "/refund", Shop.operator(), "{\"" + gift + "\": 1}")
                .block();

        Shop.await(() -> ALIPAY.deliveries(order).stream()
                .anyMatch(delivery -> delivery.form().contains("refund_fee=9.90") && delivery.accepted()));
        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(payments(order)).isEqualTo(1);
        assertThat(findings("order_code = " + order)).isZero();
    }

    static Stream<Arguments> mismatches() {
        return Stream.of(
                argumentSet("another amount", "wrong-amount", "total_amount", "0.01"),
                argumentSet("a cent more", "wrong-amount", "total_amount", "19.81"),
                argumentSet("another app", "wrong-app", "app_id", "2021000000000001"),
                argumentSet("another seller", "wrong-seller", "seller_id", "2088000000000001"),
                argumentSet("an order that is none", "unknown-order", "out_trade_no", "17"),
                argumentSet("a number of another shop", "unknown-order", "out_trade_no", "shop_a_17"),
                argumentSet("a number beyond numbers", "unknown-order", "out_trade_no", "9".repeat(64)));
    }

    @ParameterizedTest
    @MethodSource("mismatches")
    void whatDoesNotFitIsTheOperatorsAndSettlesNothing(String kind, String name, String value) {
        String order = Customer.of(shop).paidUnheard(gift);
        Map<String, String> notify = signed(with(ALIPAY.notifyParameters(order), name, value));
        String subject = notify.get("out_trade_no") + "/" + notify.get("trade_no");

        letterbox.drop(notify).mustBeSuccess();
        assertThat(discrepancies("").get(0))
                .containsEntry("kind", kind)
                .containsEntry("subject", subject)
                .containsEntry("trade_no", notify.get("trade_no"))
                .containsEntry("times", 1);
        letterbox.drop(notify).mustBeSuccess();

        assertThat(discrepancies("").get(0)).containsEntry("subject", subject).containsEntry("times", 2);
        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(payments(order)).isZero();
        letterbox.drop(ALIPAY.notifyParameters(order)).mustBeSuccess();
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void aTradePaysOneOrder() {
        String paid = Customer.of(shop).paid(gift);
        String other = Customer.of(shop).login(gift);

        letterbox
                .drop(signed(with(ALIPAY.notifyParameters(paid), "out_trade_no", other)))
                .mustBeSuccess();

        assertThat(shop.status(other)).isEqualTo(1);
        assertThat(findings("kind = 'trade-of-another-order' AND order_code = " + other))
                .isEqualTo(1);
    }

    @Test
    void aRefundForNoOrderNamesNone() {
        String order = Customer.of(shop).paid(gift);

        letterbox
                .drop(signed(with(refundNotice(order, "third-" + order), "out_trade_no", "shop_a_17")))
                .mustBeSuccess();

        assertThat(discrepancies("").get(0))
                .containsEntry("kind", "unknown-refund")
                .doesNotContainKey("order_code");
    }

    @Test
    void whatDoesNotFitIsReadByOperatorsPageByPage() {
        String order = Customer.of(shop).paid(gift);
        letterbox.drop(refundNotice(order, "older")).mustBeSuccess();
        letterbox.drop(refundNotice(order, "newer")).mustBeSuccess();

        Answer first = list(Shop.operator(), "?limit=1");
        Answer second = shop.call(HttpMethod.GET, String.valueOf(first.body().get("next")), Shop.operator(), null)
                .block();

        assertThat(String.valueOf(first.body())).contains("newer").doesNotContain("older");
        assertThat(String.valueOf(second.body())).contains("older").doesNotContain("newer");
        assertThat(list(Shop.operator(), "?limit=1&before=1").body().get("next"))
                .isNull();
        assertThat(list(Shop.buyer(1), "").status()).isEqualTo(403);
        assertThat(list("nobody", "").status()).isEqualTo(401);
        assertThat(list(Shop.operator(), "?limit=101").status()).isEqualTo(400);
        assertThat(list(Shop.operator(), "?before=x").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "utf-8", "GBK", "gbk", "GB2312", "GB18030"})
    void aNotifyIsReadInTheCharsetThatItNames(String charset) {
        String order = Customer.of(shop).paidUnheard(gift);
        Map<String, String> notify =
                signed(with(ALIPAY.notifyParameters(order), "charset", charset, "body", "两只茶杯 + 碟"));

        letterbox.drop(notify).mustBeSuccess();

        assertThat(LocalAlipay.form(notify)).contains(URLEncoder.encode("茶", Charset.forName(charset)));
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void bytesOfAnotherCharsetThanTheSignedOneAreNotRead() {
        String order = Customer.of(shop).paidUnheard(gift);
        Map<String, String> notify = signed(with(ALIPAY.notifyParameters(order), "charset", "GBK", "body", "两只茶杯"));
        String utf8 = LocalAlipay.form(notify)
                .replace(
                        URLEncoder.encode("两只茶杯", Charset.forName("GBK")),
                        URLEncoder.encode("两只茶杯", StandardCharsets.UTF_8));

        letterbox.drop(utf8).mustBeFailure(400);

        assertThat(shop.status(order)).isEqualTo(1);
    }

    private static Map<String, String> refundNotice(String order, String number) {
        return signed(with(
                ALIPAY.notifyParameters(order),
                "trade_status",
                "TRADE_SUCCESS",
                "gmt_payment",
                "2026-01-01 10:00:00",
                "gmt_refund",
                "2026-01-01 11:00:00.143",
                "refund_fee",
                "1.00",
                "send_back_fee",
                "1.00",
                "out_biz_no",
                number));
    }

    private static Answer list(String token, String query) {
        return shop.call(HttpMethod.GET, "/payments/discrepancies" + query, token, null)
                .block();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> discrepancies(String query) {
        return (List<Map<String, Object>>) list(Shop.operator(), query).body().get("discrepancies");
    }

    private static long findings(String condition) {
        return shop.number("SELECT COUNT(*) FROM discrepancy WHERE " + condition);
    }

    private static long payments(String order) {
        return shop.number("SELECT COUNT(*) FROM payment WHERE order_code = " + order);
    }

    private static double queries() {
        return shop.metric("gift.orders.alipay.calls", "method", "query", "outcome", "ok");
    }
}
