package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which notifies and returns are Alipay's, and what they say. */
class NoticeTests {

    private static final Duration WAIT = Duration.ofSeconds(20);

    private final GatewayStub gateway = new GatewayStub();
    private final Alipay alipay = gateway.alipay();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void aPaymentIsReadFromItsNotify() {
        assertThat(read(TestKeys.form(payment())))
                .isEqualTo(new Notice(
                        "n1",
                        TestKeys.APP_ID,
                        TestKeys.SELLER_ID,
                        new Trade(
                                "o1",
                                "t1",
                                TradeState.PAID,
                                Wire.amount("88.80"),
                                Instant.parse("2026-11-22T02:00:05Z")),
                        false,
                        null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-8", "UTF-8", "GBK", "gbk", "GB2312", "GB18030"})
    void aNotifyIsVerifiedInTheCharsetItNames(String charset) {
        Map<String, String> payment = payment();
        payment.put("charset", charset);
        payment.put("subject", "礼物 100% + “好”");

        assertThat(read(TestKeys.form(payment)).trade().state()).isEqualTo(TradeState.PAID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-7", "ISO-8859-1", "x-none", "UTF-8,GBK", "%"})
    void anotherCharsetIsRefused(String charset) {
        Map<String, String> payment = payment();
        payment.remove("charset");
        String form = TestKeys.form(payment);

        assertRefused(form + "&charset=" + charset);
    }

    @Test
    void theCharsetCannotBeExchanged() {
        Map<String, String> payment = payment();
        payment.put("subject", "礼物");
        payment.put("charset", "GBK");

        assertRefused(TestKeys.form(payment).replace("charset=GBK", "charset=GB18030"));
        assertRefused(TestKeys.form(payment).replace("charset=GBK", "charset=utf-8"));
        assertRefused(TestKeys.form(payment).replace("charset=GBK&", ""));
    }

    @Test
    void anAlteredFieldIsRefused() {
        String form = TestKeys.form(payment());

        assertRefused(form.replace("total_amount=88.80", "total_amount=88.81"));
        assertRefused(form.replace("out_trade_no=o1", "out_trade_no=o2"));
        assertRefused(form.replace("app_id=" + TestKeys.APP_ID, "app_id=2021"));
        assertRefused(form.replace("subject=", "subject=x"));
        assertRefused(form.replace("trade_status=TRADE_SUCCESS&", ""));
        assertRefused(form + "&extra=1");
        assertRefused("extra=1&" + form);
    }

    @Test
    void aParameterThatIsThereTwiceIsRefused() {
        String form = TestKeys.form(payment());

        assertRefused(form + "&total_amount=88.80");
        assertRefused(form + "&total%5Famount=0.01");
        assertRefused("out_trade_no=&" + form);
    }

    @Test
    void aSignatureOfAnotherKindOrNoneIsRefused() {
        String form = TestKeys.form(payment());

        assertRefused(form.replace("sign_type=RSA2", "sign_type=RSA"));
        assertRefused(form.replace("sign_type=RSA2", "sign_type=rsa2"));
        assertRefused(form.replace("sign_type=RSA2", "sign_type=SM2"));
        assertRefused(form.replace("&sign_type=RSA2", ""));
        assertRefused(form.replaceAll("&sign=[^&]*", ""));
        assertRefused(form.replaceAll("&sign=[^&]*", "&sign="));
        assertRefused(form.replaceAll("&sign=[^&]*", "&sign=AAAA"));
        assertRefused(form.replaceAll("&sign=[^&]*", "&sign=!!!"));
        assertRefused(TestKeys.encode(TestKeys.signed(payment(), Set.of("sign"))));
    }

    @Test
    void aNotifySignedWithAnotherKeyThanAlipaysIsRefused() {
        try (GatewayStub other = new GatewayStub()) {
            Alipay elsewhere = other.alipay("keys="
                    + TestKeys.newDirectory(TestKeys.APP, TestKeys.pair(2048)).toString());

            Throwable failure = catchThrowable(() -> elsewhere
                    .notice(TestKeys.form(payment()).getBytes(StandardCharsets.US_ASCII))
                    .block(WAIT));

            assertThat(failure).isInstanceOf(NotFromAlipay.class);
        }
    }

    /** Two parameters and one that has the other in it are signed alike. */
    @Test
    void aRefundCannotBeHiddenInTheFieldBeforeIt() {
        Map<String, String> refund = payment();
        refund.put("refund_fee", "10.00");
        Map<String, String> signed = TestKeys.signed(refund, Set.of("sign", "sign_type"));
        assertThat(read(TestKeys.encode(signed)).refund()).isTrue();

        signed.put("out_trade_no", signed.get("out_trade_no") + "&refund_fee=" + signed.remove("refund_fee"));

        assertRefused(TestKeys.encode(signed));
    }

    @Test
    void parametersWithoutAValueAreNobodysAndSayNothing() {
        Notice notice = read(TestKeys.form(payment()) + "&refund_fee=&gmt_refund=+&out_biz_no=%09");

        assertThat(notice.refund()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "refund_fee, 10.00, true",
        "refund_fee, 0.00, false",
        "refund_fee, ten, true",
        "send_back_fee, 0.01, true",
        "gmt_refund, 2026-11-22 10:30:00.143, true",
        "out_biz_no, r1, false"
    })
    void aRefundIsToldFromAPayment(String field, String value, boolean refund) {
        Map<String, String> notice = payment();
        notice.put(field, value);

        assertThat(read(TestKeys.form(notice)).refund()).isEqualTo(refund);
    }

    @Test
    void aRefundNamesItsRequest() {
        Map<String, String> refund = payment();
        refund.putAll(Map.of("trade_status", "TRADE_CLOSED", "refund_fee", "88.80", "out_biz_no", "r1"));

        Notice notice = read(TestKeys.form(refund));

        assertThat(notice.refundRequestNo()).isEqualTo("r1");
        assertThat(notice.trade().state()).isEqualTo(TradeState.CLOSED);
    }

    @ParameterizedTest
    @CsvSource({
        "WAIT_BUYER_PAY, WAITING",
        "TRADE_SUCCESS, PAID",
        "TRADE_FINISHED, FINISHED",
        "TRADE_CLOSED, CLOSED",
        "trade_success, WAITING",
        "TRADE_PENDING, WAITING"
    })
    void anUnknownStatusIsNoPayment(String status, TradeState state) {
        Map<String, String> notice = payment();
        notice.put("trade_status", status);

        assertThat(read(TestKeys.form(notice)).trade().state()).isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-88.80", "+88.80", "88.801", "8e1", "88,80", "0x58", "８８.８０", "88.80元", "NaN"})
    void anAmountThatIsNoneIsRefusedEvenIfSigned(String amount) {
        Map<String, String> notice = payment();
        notice.put("total_amount", amount);

        assertRefused(TestKeys.form(notice));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"notify_id", "app_id", "seller_id", "out_trade_no", "trade_no", "trade_status", "total_amount"})
    void aNotifyWithoutAFieldItNeedsIsRefusedEvenIfSigned(String field) {
        Map<String, String> notice = payment();
        notice.put(field, " ");
        assertRefused(TestKeys.form(notice));

        notice.remove(field);
        assertRefused(TestKeys.form(notice));
    }

    @ParameterizedTest
    @CsvSource({"2026-11-22 10:00:05.143, 2026-11-22T02:00:05.143Z", "2026-02-30 25:00:00, ", "yesterday, "})
    void timesAreAlipaysAndAMalformedOneIsLeftOut(String text, Instant time) {
        Map<String, String> notice = payment();
        notice.put("gmt_payment", text);

        assertThat(read(TestKeys.form(notice)).trade().paidAt()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&", "a", "=1", "a=%", "a=%4", "a=%zz", "%FF=1", "a=1&&b=2", "charset=utf-8&a=%FF"})
    void whatIsNoFormIsRefused(String form) {
        assertRefused(form);
    }

    @Test
    void aFormTooLargeOrOfTooManyParametersIsRefused() {
        Map<String, String> large = payment();
        large.put("body", "x".repeat(SignedForm.MAX_BYTES));
        assertRefused(TestKeys.form(large));

        Map<String, String> many = payment();
        many.putAll(IntStream.range(0, SignedForm.MAX_PARAMETERS)
                .boxed()
                .collect(Collectors.toMap(number -> "p" + number, String::valueOf)));
        assertRefused(TestKeys.form(many));
    }

    @Test
    void aReturnIsVerifiedWithOrWithoutTheTypeOfItsSignature() {
        for (Set<String> unsigned : Set.of(Set.of("sign"), Set.of("sign", "sign_type"))) {
            Return back = returned(TestKeys.encode(TestKeys.signed(comingBack(), unsigned)));

            assertThat(back)
                    .isEqualTo(new Return(TestKeys.APP_ID, TestKeys.SELLER_ID, "o1", "t1", Wire.amount("88.80")));
        }
    }

    @Test
    void aForgedReturnIsRefused() {
        String query = TestKeys.encode(TestKeys.signed(comingBack(), Set.of("sign")));

        for (String forged : List.of(
                query.replace("out_trade_no=o1", "out_trade_no=o2"),
                query.replace("sign_type=RSA2", "sign_type=RSA"),
                query + "&trade_status=TRADE_SUCCESS",
                "")) {
            assertThatThrownBy(() -> returned(forged)).isInstanceOf(NotFromAlipay.class);
        }
    }

    @Test
    void aReturnIsNoNotify() {
        assertRefused(TestKeys.form(comingBack()));
    }

    private Notice read(String form) {
        return alipay.notice(form.getBytes(StandardCharsets.US_ASCII)).block(WAIT);
    }

    private Return returned(String query) {
        return alipay.returned(query).block(WAIT);
    }

    private void assertRefused(String form) {
        Throwable failure = catchThrowable(
                () -> alipay.notice(form.getBytes(StandardCharsets.ISO_8859_1)).block(WAIT));

        assertThat(failure).as(form).isInstanceOf(NotFromAlipay.class);
    }

    static Map<String, String> payment() {
        Map<String, String> fields = new TreeMap<>(comingBack());
        fields.remove("method");
        fields.putAll(Map.of(
                "notify_id", "n1",
                "notify_type", "trade_status_sync",
                "notify_time", "2026-11-22 10:00:06",
                "trade_status", "TRADE_SUCCESS",
                "gmt_create", "2026-11-22 10:00:00",
                "gmt_payment", "2026-11-22 10:00:05",
                "subject", "礼物 & more",
                "passback_params", "a%3D1%26b%3D2",
                "fund_bill_list", "[{\"amount\":\"88.80\",\"fundChannel\":\"PCREDIT\"}]",
                "buyer_id", "2088101117955611"));
        return fields;
    }

    private static Map<String, String> comingBack() {
        return new HashMap<>(Map.of(
                "charset", "utf-8",
                "version", "1.0",
                "method", "alipay.trade.page.pay.return",
                "app_id", TestKeys.APP_ID,
                "auth_app_id", TestKeys.APP_ID,
                "seller_id", TestKeys.SELLER_ID,
                "out_trade_no", "o1",
                "trade_no", "t1",
                "total_amount", "88.80",
                "timestamp", "2026-11-22 10:00:06"));
    }
}
