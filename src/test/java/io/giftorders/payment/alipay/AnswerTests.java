package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers are believed. Everything here goes through the SDK, over HTTP. */
class AnswerTests {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String METHOD = "alipay.trade.query";
    private static final String NODE = TestKeys.node(METHOD);
    private static final String PAID = "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"o1\","
            + "\"total_amount\":\"88.80\",\"trade_no\":\"t1\",\"trade_status\":\"TRADE_SUCCESS\"}";
    private static final String WAITING = PAID.replace("TRADE_SUCCESS", "WAIT_BUYER_PAY");

    private final GatewayStub gateway = new GatewayStub();
    private final Alipay alipay = gateway.alipay();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void aSignedAnswerIsBelieved() {
        gateway.answersSigned(PAID);

        assertThat(query()).isEqualTo(TradeState.PAID);
    }

    @Test
    void textBeyondAsciiIsVerifiedAsItWasSigned() {
        gateway.answersSigned(PAID.replace("Success", "成功 \\/ 完成"));

        assertThat(query()).isEqualTo(TradeState.PAID);
    }

    @Test
    void anAlteredAnswerIsNotBelieved() {
        gateway.answers(TestKeys.answer(METHOD, WAITING).replace("WAIT_BUYER_PAY", "TRADE_SUCCESS"));

        assertUnknown();
    }

    @Test
    void anAnswerOfAnotherKeyIsNotBelieved() {
        gateway.answers(
                "{\"" + NODE + "\":" + PAID + ",\"sign\":\"" + TestKeys.sign(WAITING, StandardCharsets.UTF_8) + "\"}");

        assertUnknown();
    }

    @Test
    void anAnswerWithoutASignatureIsNotBelieved() {
        gateway.answers("{\"" + NODE + "\":" + PAID + "}");

        assertUnknown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz", "aa", "a", "b", "error_response", "alipay_trade_query", "alipay_cert_sn"})
    void aForgedObjectBesideTheSignedOneIsNotReadInItsPlace(String name) {
        String signed = TestKeys.answer(METHOD, WAITING);
        gateway.answers("{\"" + name + "\":" + PAID + "," + signed.substring(1));
        assertUnknown();

        gateway.answers(signed.substring(0, signed.length() - 1) + ",\"" + name + "\":" + PAID + "}");
        assertUnknown();
    }

    @Test
    void aNameWrittenWithAnEscapeDoesNotHideTheSignedObject() {
        String escaped = NODE.substring(0, NODE.length() - 1) + "\\u0065";
        String forged = PAID.substring(0, PAID.length() - 1) + ",\"x\":{\"" + NODE + "\":" + WAITING + "}}";
        gateway.answers("{\"" + escaped + "\":" + forged + ",\"sign\":\""
                + TestKeys.sign(WAITING, StandardCharsets.UTF_8) + "\"}");

        assertUnknown();
    }

    @Test
    void theSameMemberTwiceIsNotBelieved() {
        gateway.answersSigned(PAID.replace("\"code\"", "\"trade_status\":\"TRADE_CLOSED\",\"code\""));

        assertUnknown();
    }

    @Test
    void anAnswerForAnotherTradeIsNotBelieved() {
        gateway.answersSigned(PAID.replace("\"o1\"", "\"o2\""));

        assertUnknown();
    }

    @Test
    void aSignedFailureIsBelievedAndAnUnsignedOneIsNot() {
        String missing = "{\"code\":\"40004\",\"msg\":\"Business Failed\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\","
                + "\"sub_msg\":\"交易不存在\"}";
        gateway.answersSigned(missing);
        assertThat(query()).isEqualTo(TradeState.NONE);

        gateway.answers("{\"" + NODE + "\":" + missing + "}");
        assertUnknown();

        gateway.answers("{\"" + NODE + "\":" + missing + ",\"sign\":\"\"}");
        assertUnknown();

        gateway.answers("{\"error_response\":" + missing + "}");
        assertUnknown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRADE_NOT_EXIST", "AQC.TRADE_NOT_EXIST", "acq.trade_not_exist"})
    void aReasonCountsWhateverItsPrefix(String subCode) {
        gateway.answersSigned("{\"code\":\"40004\",\"sub_code\":\"" + subCode + "\"}");

        assertThat(query()).isEqualTo(TradeState.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":\"20000\",\"sub_code\":\"isp.unknow-error\"}",
                "{\"code\":\"10003\",\"msg\":\"waiting\"}",
                "{\"code\":\"40004\",\"sub_code\":\"ACQ.SYSTEM_ERROR\"}",
                "{\"code\":\"40004\",\"msg\":\"ACQ.TRADE_NOT_EXIST\"}",
                "{\"code\":\"40004\",\"sub_code\":\"ACQ.PARENT\",\"sub_msg\":\"TRADE_NOT_EXIST\"}",
                "{\"code\":\"40002\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"}",
                "{\"code\":\"40005\",\"sub_code\":\"isv.app-call-limited\"}",
                "{\"code\":10000,\"out_trade_no\":\"o1\"}",
                "{\"code\":\"10000\",\"out_trade_no\":\"o1\",\"trade_no\":\"t1\",\"total_amount\":\"88.80\","
                        + "\"trade_status\":\"TRADE_PENDING\"}",
                "{\"code\":\"10000\",\"out_trade_no\":\"o1\",\"trade_no\":\"t1\",\"total_amount\":\"-88.80\","
                        + "\"trade_status\":\"TRADE_SUCCESS\"}",
                "{}"
            })
    void whatSaysNothingCertainIsUnknown(String node) {
        gateway.answersSigned(node);

        assertUnknown();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{}", "<html>502</html>", "{\"alipay_trade_query_response\":", "\u0000", "\"\""
            })
    void whatIsNoAnswerAtAllIsUnknown(String text) {
        gateway.answers(text);

        assertUnknown();
    }

    @Test
    void anAnswerNestedDeepEnoughToBreakTheSdkIsUnknown() {
        gateway.answers("{\"" + NODE + "\":{\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "},\"sign\":\"x\"}");

        assertUnknown();
    }

    private TradeState query() {
        return alipay.query("o1").block(WAIT).state();
    }

    private void assertUnknown() {
        Throwable failure = catchThrowable(this::query);

        assertThat(failure).isInstanceOf(AlipayUnavailable.class);
        assertThat(((AlipayUnavailable) failure).name()).isEqualTo("alipay-unavailable");
    }
}
