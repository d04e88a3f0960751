package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.payment.alipay.RefundAnswer.State;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is asked of Alipay, and what its answers mean. */
class TradeTests {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Instant DEADLINE = Instant.parse("2026-11-22T16:15:00.987Z");

    private final GatewayStub gateway = new GatewayStub();
    private final Alipay alipay = gateway.alipay();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void aPayLinkHasTheOrdersAmountAndDeadlineAndTheShopsSignature() throws Exception {
        URI link = link("Tea \"green\" \\ 绿茶");

        assertThat(link.toString()).startsWith(gateway.url() + "?");
        Map<String, String> sent = GatewayStub.parameters(link.getRawQuery());
        assertThat(sent)
                .containsEntry("method", "alipay.trade.page.pay")
                .containsEntry("app_id", TestKeys.APP_ID)
                .containsEntry("sign_type", "RSA2")
                .containsEntry("charset", "utf-8")
                .containsEntry("notify_url", "https://shop.example/alipay/notify")
                .containsEntry("return_url", "https://shop.example/alipay/return");
        JsonNode content = JsonMapper.shared().readTree(sent.get("biz_content"));
        assertThat(content.propertyNames())
                .containsExactlyInAnyOrder("out_trade_no", "total_amount", "subject", "product_code", "time_expire");
        assertThat(content.path("out_trade_no").stringValue()).isEqualTo("o1");
        assertThat(content.path("total_amount").stringValue()).isEqualTo("88.80");
        assertThat(content.path("subject").stringValue()).isEqualTo("Tea \"green\" \\ 绿茶");
        assertThat(content.path("product_code").stringValue()).isEqualTo("FAST_INSTANT_TRADE_PAY");
        assertThat(content.path("time_expire").stringValue()).isEqualTo("2026-11-23 00:15:00");
        assertThat(isSignedByTheShop(sent)).isTrue();
        assertThat(gateway.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a/b=c&d, a b c d", "'&lt;\t\u0000x', 'lt;  x'", "'🎁 gift', gift", "'/', o1", "'', o1"})
    void aSubjectLosesWhatAlipayForbids(String subject, String shown) {
        Map<String, String> sent = GatewayStub.parameters(link(subject).getRawQuery());

        JsonNode content = JsonMapper.shared().readTree(sent.get("biz_content"));
        assertThat(content.path("subject").stringValue()).isEqualTo(shown);
    }

    @Test
    void aSubjectIsCutToTheLengthAlipayTakes() {
        Map<String, String> sent = GatewayStub.parameters(link("礼".repeat(300)).getRawQuery());

        JsonNode content = JsonMapper.shared().readTree(sent.get("biz_content"));
        assertThat(content.path("subject").stringValue()).hasSize(256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.001", "-1", "88.805", "100000000.01"})
    void anAmountThatAlipayDoesNotMoveIsNeverAskedFor(BigDecimal amount) {
        assertThatThrownBy(() -> new PayRequest("o1", amount, "Tea", DEADLINE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RefundRequest("t1", "r1", amount, "late"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a-b", "订单", "a&b=c"})
    void aNumberThatAlipayDoesNotTakeIsNeverSent(String number) {
        assertThatThrownBy(() -> new PayRequest(number, BigDecimal.TEN, "Tea", DEADLINE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RefundRequest("t1", number, BigDecimal.TEN, "late"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPaidTradeIsReadFromAQuery() throws Exception {
        gateway.answersSigned("{\"code\":\"10000\",\"out_trade_no\":\"o1\",\"trade_no\":\"t1\",\"total_amount\":"
                + "\"88.80\",\"trade_status\":\"TRADE_SUCCESS\",\"send_pay_date\":\"2026-11-22 10:00:05\"}");

        assertThat(alipay.query("o1").block(WAIT))
                .isEqualTo(new Trade(
                        "o1", "t1", TradeState.PAID, new BigDecimal("88.80"), Instant.parse("2026-11-22T02:00:05Z")));
        Map<String, String> sent = gateway.requests().get(0);
        assertThat(sent)
                .containsEntry("method", "alipay.trade.query")
                .containsEntry("sign_type", "RSA2")
                .containsEntry("biz_content", "{\"out_trade_no\":\"o1\"}");
        assertThat(isSignedByTheShop(sent)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10000, , CLOSED",
        "40004, ACQ.TRADE_NOT_EXIST, NO_SUCH_TRADE",
        "40004, ACQ.TRADE_STATUS_ERROR, NOT_WAITING",
        "40004, ACQ.REASON_TRADE_STATUS_INVALID, NOT_WAITING",
        "40004, ACQ.REASON_ILLEGAL_STATUS, NOT_WAITING",
        "40004, TRADE_HAS_SUCCESS, NOT_WAITING"
    })
    void closingATradeHasThreeResults(String code, String subCode, CloseResult result) {
        gateway.answersSigned(node(code, subCode, "\"out_trade_no\":\"o1\",\"trade_no\":\"t1\""));

        assertThat(alipay.close("o1").block(WAIT)).isEqualTo(result);
        assertThat(gateway.requests().get(0)).containsEntry("method", "alipay.trade.close");
    }

    @Test
    void closingIsUnknownWhereAlipayFailed() {
        gateway.answersSigned(node("40004", "ACQ.SYSTEM_ERROR", "\"out_trade_no\":\"o1\""));

        assertThatThrownBy(() -> alipay.close("o1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10000, , Y, DONE, 30",
        "10000, , N, NOT_DONE, ",
        "40004, ACQ.SYSTEM_ERROR, N, NOT_DONE, ",
        "40004, ACQ.SELLER_BALANCE_NOT_ENOUGH, N, NOT_DONE, ",
        "40004, ACQ.REFUND_CHARGE_ERROR, N, NOT_DONE, ",
        "40004, isv.app-call-limited, N, NOT_DONE, ",
        "40004, ACQ.TRADE_HAS_FINISHED, N, REFUSED, ",
        "40004, ACQ.DISCORDANT_REPEAT_REQUEST, N, REFUSED, ",
        "40004, ACQ.REFUND_AMT_NOT_EQUAL_TOTAL, N, REFUSED, "
    })
    void aRefundIsDoneNotDoneOrRefused(String code, String subCode, String change, State state, BigDecimal amount) {
        gateway.answersSigned(
                node(code, subCode, "\"trade_no\":\"t1\",\"refund_fee\":\"88.80\",\"fund_change\":\"" + change + "\""));

        RefundAnswer answer = alipay.refund(new RefundRequest("t1", "r1", new BigDecimal("30"), "sold out"))
                .block(WAIT);

        assertThat(answer).isEqualTo(new RefundAnswer(state, amount, subCode));
        JsonNode content =
                JsonMapper.shared().readTree(gateway.requests().get(0).get("biz_content"));
        assertThat(content.path("out_request_no").stringValue()).isEqualTo("r1");
        assertThat(content.path("refund_amount").stringValue()).isEqualTo("30.00");
        assertThat(content.path("trade_no").stringValue()).isEqualTo("t1");
    }

    @ParameterizedTest
    @CsvSource({
        "10000, , REFUND_SUCCESS, DONE, 30.00",
        "10000, , , NOT_DONE, ",
        "10000, , REFUND_PROCESSING, NOT_DONE, ",
        "40004, TRADE_NOT_EXIST, , NOT_DONE, "
    })
    void aRefundIsKnownByItsState(String code, String subCode, String status, State state, BigDecimal amount) {
        gateway.answersSigned(node(
                code,
                subCode,
                "\"trade_no\":\"t1\",\"out_request_no\":\"r1\",\"refund_amount\":\"30.00\""
                        + (status == null ? "" : ",\"refund_status\":\"" + status + "\"")));

        assertThat(alipay.refundState("t1", "r1").block(WAIT)).isEqualTo(new RefundAnswer(state, amount, subCode));
    }

    @Test
    void theStateOfAnotherRefundIsNotBelieved() {
        gateway.answersSigned(node(
                "10000",
                null,
                "\"trade_no\":\"t1\",\"out_request_no\":\"r2\",\"refund_amount\":\"30.00\","
                        + "\"refund_status\":\"REFUND_SUCCESS\""));

        assertThatThrownBy(() -> alipay.refundState("t1", "r1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);
    }

    @Test
    void theAccountIsWhatNotifiesMustName() {
        assertThat(alipay.account()).isEqualTo(new Account(TestKeys.APP_ID, TestKeys.SELLER_ID));
    }

    private URI link(String subject) {
        return alipay.payLink(new PayRequest("o1", new BigDecimal("88.8"), subject, DEADLINE))
                .block(WAIT);
    }

    private static String node(String code, String subCode, String rest) {
        return "{\"code\":\"" + code + "\"," + (subCode == null ? "" : "\"sub_code\":\"" + subCode + "\",") + rest
                + "}";
    }

    private static boolean isSignedByTheShop(Map<String, String> sent) throws Exception {
        Map<String, String> signed = new TreeMap<>(sent);
        byte[] signature = Base64.getDecoder().decode(signed.remove("sign"));
        String text = signed.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("&"));
        Signature check = Signature.getInstance("SHA256withRSA");
        check.initVerify(TestKeys.APP.getPublic());
        check.update(text.getBytes(StandardCharsets.UTF_8));
        return check.verify(signature);
    }
}
