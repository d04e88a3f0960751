package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.giftorders.problem.Refusal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;

/** What the log and the answers never show, whatever happens, even with everything logged that can be. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsTests {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String BUYER = "159****5620";
    private static final String NODE = "{\"code\":\"10000\",\"out_trade_no\":\"hush_o1\",\"trade_no\":\"t1\","
            + "\"buyer_logon_id\":\"" + BUYER + "\",\"total_amount\":\"88.80\",\"trade_status\":\"TRADE_SUCCESS\"}";

    private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
    private final GatewayStub gateway = new GatewayStub();
    private final StringWriter shown = new StringWriter();

    @BeforeEach
    void logEverythingOfTheSdk() {
        logging.setLogLevel("sdk", LogLevel.TRACE);
        logging.setLogLevel("io.giftorders", LogLevel.TRACE);
    }

    @AfterEach
    void close() {
        logging.setLogLevel("sdk", null);
        logging.setLogLevel("io.giftorders", null);
        gateway.close();
    }

    @Test
    void nothingSecretIsLoggedOrTold(CapturedOutput output) {
        Alipay alipay = gateway.alipay();
        PayRequest pay = new PayRequest("hush_o1", new BigDecimal("88.80"), "hush tea", Instant.now());
        see(alipay.payLink(pay));
        String answer = TestKeys.answer("alipay.trade.query", NODE);
        for (String text : new String[] {
            answer,
            answer.replace("88.80", "88.81"),
            answer.replaceAll("\"sign\":\"[^\"]*\"", "\"sign\":\"AAAA\""),
            answer.replaceAll(",\"sign\":\"[^\"]*\"", ""),
            answer.replace("10000", "20000"),
            TestKeys.answer("alipay.trade.query", NODE.replace("10000", "20000")),
            TestKeys.answer("alipay.trade.query", NODE.replace("10000", "40004\",\"sub_code\":\"hush\\n")),
            "{\"zz\":" + NODE + "," + answer.substring(1),
            "<html>" + BUYER + "</html>",
            ""
        }) {
            gateway.answers(text);
            see(alipay.query("hush_o1"));
            see(alipay.close("hush_o1"));
            see(alipay.refund(new RefundRequest("hush_o1", "hush_r1", BigDecimal.ONE, "hush reason")));
        }
        String form = TestKeys.form(Map.of("out_trade_no", "hush_o1", "buyer_logon_id", BUYER, "charset", "utf-8"));
        for (String text :
                new String[] {form, form.replace("hush", "Hush"), form.replaceAll("sign=[^&]*", "sign=AA")}) {
            see(alipay.notice(text.getBytes(StandardCharsets.UTF_8)));
            see(alipay.returned(text));
        }

        String all = output.getAll() + shown;
        assertThat(all).contains("no certain answer from Alipay");
        assertThat(all)
                .doesNotContainIgnoringCase("hush")
                .doesNotContain(BUYER)
                .doesNotContain("biz_content")
                .doesNotContain("sign=")
                .doesNotContainPattern("[A-Za-z0-9+/%]{86}")
                .doesNotContain(beginning(TestKeys.APP.getPrivate().getEncoded()))
                .doesNotContain(beginning(TestKeys.ALIPAY.getPublic().getEncoded()));
    }

    /** What a caller, and whoever logs its failure, can see of one. */
    private void see(Mono<?> call) {
        Throwable failure = catchThrowable(() -> call.block(WAIT));
        if (failure != null) {
            assertThat(failure).isInstanceOf(Refusal.class).hasNoCause();
            failure.printStackTrace(new PrintWriter(shown));
            shown.append(((Refusal) failure).getBody().toString());
        }
    }

    private static String beginning(byte[] key) {
        return Base64.getEncoder().encodeToString(key).substring(0, 40);
    }
}
