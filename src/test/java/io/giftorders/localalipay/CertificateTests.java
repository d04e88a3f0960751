package io.giftorders.localalipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayConfig;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.internal.util.AntCertificationUtil;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.response.AlipayTradeQueryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The official SDK in certificate mode. */
class CertificateTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.start();
    // loads the SDK without its side effect
    private static final Seller SELLER = new Seller(ALIPAY);

    private final String order = Seller.newOrder();

    @AfterAll
    static void closeShop() {
        SELLER.close();
        ALIPAY.close();
    }

    @Test
    void serverAndBrowserAreServedToWhoeverNamesOurCertificates() throws AlipayApiException {
        DefaultAlipayClient client = client(file("alipay_root_cert.crt"));
        AlipayTradePagePayRequest pay = new AlipayTradePagePayRequest();
        pay.setBizContent(Seller.order(order, "88.80", Duration.ofMinutes(15)));
        pay.setReturnUrl("http://127.0.0.1:1/alipay/return");
        String url = client.pageExecute(pay, "GET").getBody();
        assertThat(Seller.parameters(url)).containsKeys("app_cert_sn", "alipay_root_cert_sn");

        ALIPAY.open(url);
        String back = ALIPAY.pay(order);

        AlipayTradeQueryRequest query = new AlipayTradeQueryRequest();
        query.setBizContent(Json.write(Map.of("out_trade_no", order)));
        AlipayTradeQueryResponse answer = client.certificateExecute(query);
        assertThat(answer.getTradeStatus()).isEqualTo("TRADE_SUCCESS");
        assertThat(answer.getBody()).contains("\"alipay_cert_sn\":\"");
        assertThat(AlipaySignature.rsaCertCheckV1(
                        new HashMap<>(Seller.parameters(back)),
                        file("alipay_cert.crt").toString(),
                        "utf-8",
                        "RSA2"))
                .isTrue();
    }

    @Test
    void theSdkTracesAlipaysCertificateToTheRoot() throws IOException {
        String root = Files.readString(file("alipay_root_cert.crt"));

        assertThat(AntCertificationUtil.isTrusted(Files.readString(file("alipay_cert.crt")), root))
                .isTrue();
        assertThat(AntCertificationUtil.isTrusted(Files.readString(file("app_cert.crt")), root))
                .isTrue();
    }

    @Test
    void aStrangersRootIsRefused() throws AlipayApiException {
        try (LocalAlipay other = LocalAlipay.start()) {
            DefaultAlipayClient client = client(other.keys().resolve("alipay_root_cert.crt"));
            AlipayTradePagePayRequest pay = new AlipayTradePagePayRequest();
            pay.setBizContent(Seller.order(order, "88.80", Duration.ofMinutes(15)));
            String url = client.pageExecute(pay, "GET").getBody();

            assertThatExceptionOfType(Declined.class)
                    .isThrownBy(() -> ALIPAY.open(url))
                    .withMessageContaining("isv.invalid-signature");
        }
    }

    private static DefaultAlipayClient client(Path root) throws AlipayApiException {
        AlipayConfig config = new AlipayConfig();
        config.setServerUrl(ALIPAY.gateway());
        config.setAppId(ALIPAY.appId());
        config.setPrivateKey(Seller.bare(file("app_private_key.pem")));
        config.setAppCertPath(file("app_cert.crt").toString());
        config.setAlipayPublicCertPath(file("alipay_cert.crt").toString());
        config.setRootCertPath(root.toString());
        return new DefaultAlipayClient(config);
    }

    private static Path file(String name) {
        return ALIPAY.keys().resolve(name);
    }
}
