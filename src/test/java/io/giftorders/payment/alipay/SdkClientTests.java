package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayConfig;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.SignChecker;
import com.alipay.api.Signer;
import com.alipay.api.request.AlipayTradeQueryRequest;
import io.giftorders.payment.alipay.AlipayProperties.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much RSA a call costs. */
class SdkClientTests {

    private static final String TRADE = "{\"code\":\"10000\",\"out_trade_no\":\"o1\"}";

    private final GatewayStub gateway = new GatewayStub();
    private final AtomicInteger signatures = new AtomicInteger();
    private final AtomicInteger checks = new AtomicInteger();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void aCallSignsOnceAndVerifiesOnce() throws Exception {
        SdkLoading.load();
        gateway.answersSigned(TRADE);
        class Counted extends SdkClient {
            Counted() throws Exception {
                super(configuration());
            }

            @Override
            public Signer getSigner() {
                return counted(super.getSigner());
            }

            @Override
            public SignChecker getSignChecker() {
                return counted(super.getSignChecker());
            }
        }

        assertThat(new Counted().execute(new AlipayTradeQueryRequest()).getOutTradeNo())
                .isEqualTo("o1");

        assertThat(signatures).hasValue(1);
        assertThat(checks).hasValue(1);
    }

    /** So that this class goes away when the SDK's own client no longer needs it. */
    @Test
    void theSdksOwnClientDoesBothTwice() throws Exception {
        SdkLoading.load();
        gateway.answersSigned(TRADE);
        class Counted extends DefaultAlipayClient {
            Counted() throws Exception {
                super(configuration());
            }

            @Override
            public Signer getSigner() {
                return counted(super.getSigner());
            }

            @Override
            public SignChecker getSignChecker() {
                return counted(super.getSignChecker());
            }
        }

        assertThat(new Counted().execute(new AlipayTradeQueryRequest()).getOutTradeNo())
                .isEqualTo("o1");

        assertThat(signatures).hasValue(2);
        assertThat(checks).hasValue(2);
    }

    private AlipayConfig configuration() {
        AlipayConfig configuration = new AlipayConfig();
        configuration.setServerUrl(gateway.url());
        configuration.setAppId(TestKeys.APP_ID);
        configuration.setCustomizedHttpClient(new Transport(Duration.ofSeconds(2), Duration.ofSeconds(10)));
        Keys.read(TestKeys.directory(), Mode.PUBLIC_KEY, Instant.now()).configure(configuration);
        return configuration;
    }

    private Signer counted(Signer signer) {
        return (text, type, charset) -> {
            signatures.incrementAndGet();
            return signer.sign(text, type, charset);
        };
    }

    private SignChecker counted(SignChecker checker) {
        return new SignChecker() {
            @Override
            public boolean check(String text, String signature, String type, String charset) {
                checks.incrementAndGet();
                return checker.check(text, signature, type, charset);
            }

            @Override
            public boolean checkCert(String text, String signature, String type, String charset, String key) {
                checks.incrementAndGet();
                return checker.checkCert(text, signature, type, charset, key);
            }
        };
    }
}
