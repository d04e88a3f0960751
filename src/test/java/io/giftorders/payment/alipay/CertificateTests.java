package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.problem.CannotStart;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificate mode, with certificates an authority issued. */
class CertificateTests {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration DAY = Duration.ofDays(1);
    private static final KeyPair AUTHORITY = TestKeys.pair(2048);
    private static final String METHOD = "alipay.trade.query";
    private static final String TRADE = "{\"code\":\"10000\",\"out_trade_no\":\"o1\",\"trade_no\":\"t1\","
            + "\"total_amount\":\"88.80\",\"trade_status\":\"TRADE_SUCCESS\"}";

    private final GatewayStub gateway = new GatewayStub();
    private final Path keys = TestKeys.newDirectory(TestKeys.APP, TestKeys.ALIPAY);
    private final X509CertificateHolder app = certificate(TestKeys.APP, 11, DAY);
    private final X509CertificateHolder alipays = certificate(TestKeys.ALIPAY, 12, DAY);
    private final X509CertificateHolder root = certificate(AUTHORITY, 1, DAY);

    @BeforeEach
    void onlyCertificates() throws Exception {
        Files.delete(keys.resolve("app_public_key.pem"));
        Files.delete(keys.resolve("alipay_public_key.pem"));
        write("app_cert.crt", app);
        write("alipay_cert.crt", alipays);
        write("alipay_root_cert.crt", root);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void callsCarryTheSerialsOfTheCertificatesAndAnswersAreVerified() {
        gateway.answers(answer(TRADE, serial(alipays)));

        assertThat(alipay().query("o1").block(WAIT).state()).isEqualTo(TradeState.PAID);

        assertThat(gateway.requests().get(0))
                .containsEntry("app_cert_sn", serial(app))
                .containsEntry("alipay_root_cert_sn", serial(root));
    }

    @Test
    void aPayLinkCarriesTheSerialsToo() {
        PayRequest pay = new PayRequest("o1", BigDecimal.TEN, "Tea", Instant.now());

        Map<String, String> sent =
                GatewayStub.parameters(alipay().payLink(pay).block(WAIT).getRawQuery());

        assertThat(sent).containsEntry("app_cert_sn", serial(app)).containsEntry("alipay_root_cert_sn", serial(root));
    }

    @Test
    void aNotifyIsVerifiedWithTheKeyOfAlipaysCertificate() {
        byte[] form = TestKeys.form(NoticeTests.payment()).getBytes(StandardCharsets.US_ASCII);
        assertThat(alipay().notice(form).block(WAIT)).isNotNull();

        byte[] altered = new String(form, StandardCharsets.US_ASCII)
                .replace("88.80", "0.01")
                .getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> alipay().notice(altered).block(WAIT)).isInstanceOf(NotFromAlipay.class);
    }

    /** The SDK verifies a failure only if it names a certificate. */
    @Test
    void anAnswerThatNamesNoCertificateIsNotBelieved() {
        Alipay alipay = alipay();
        String missing = "{\"code\":\"40004\",\"sub_code\":\"ACQ.TRADE_NOT_EXIST\"}";
        gateway.answers(answer(missing, serial(alipays)));
        assertThat(alipay.query("o1").block(WAIT).state()).isEqualTo(TradeState.NONE);

        gateway.answers("{\"" + TestKeys.node(METHOD) + "\":" + missing + ",\"sign\":\"AAAA\"}");
        assertThatThrownBy(() -> alipay.query("o1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);

        gateway.answers(TestKeys.answer(METHOD, TRADE));
        assertThatThrownBy(() -> alipay.query("o1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);

        gateway.answers(answer(TRADE, serial(alipays)).replace("88.80", "0.01"));
        assertThatThrownBy(() -> alipay.query("o1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);
    }

    @Test
    void anotherCertificateIsNeitherFetchedNorBelieved() {
        gateway.answers(answer(TRADE, "0123456789abcdef0123456789abcdef"));

        assertThatThrownBy(() -> alipay().query("o1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);

        assertThat(gateway.requests()).hasSize(1);
    }

    @Test
    void aCertificateOfAnotherKeyStopsTheStart() throws Exception {
        write("app_cert.crt", certificate(TestKeys.pair(2048), 13, DAY));

        assertStops("app_cert.crt does not belong to app_private_key.pem");
    }

    @Test
    void theShopsOwnCertificateInPlaceOfAlipaysStopsTheStart() throws Exception {
        write("alipay_cert.crt", app);

        assertStops("alipay_cert.crt is the shop's own key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app_cert.crt", "alipay_cert.crt", "alipay_root_cert.crt"})
    void aCertificateThatIsOverMissingOrNoneStopsTheStart(String name) throws Exception {
        KeyPair subject = name.startsWith("app") ? TestKeys.APP : TestKeys.ALIPAY;
        write(name, certificate(subject, 14, Duration.ofDays(-1)));
        assertStops(name + " is valid only from ");

        Files.writeString(keys.resolve(name), TestKeys.pem("PUBLIC KEY", TestKeys.ALIPAY.getPublic()));
        assertStops(name + " is not a certificate");

        Files.delete(keys.resolve(name));
        assertStops("There is no " + keys.resolve(name));
    }

    private Alipay alipay() {
        return gateway.alipay("mode=certificate", "keys=" + keys);
    }

    private void assertStops(String part) {
        assertThatThrownBy(this::alipay).isInstanceOf(CannotStart.class).hasMessageContaining(part);
    }

    private void write(String name, X509CertificateHolder certificate) throws IOException {
        Files.writeString(keys.resolve(name), TestKeys.pem("CERTIFICATE", certificate.getEncoded()));
    }

    private static String answer(String node, String serial) {
        return TestKeys.answer(METHOD, node).replace(",\"sign\"", ",\"alipay_cert_sn\":\"" + serial + "\",\"sign\"");
    }

    /** What Alipay calls a certificate's serial number. */
    private static String serial(X509CertificateHolder certificate) {
        try {
            String text = "CN=authority" + certificate.getSerialNumber();
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Valid until then, and since the day before. */
    private static X509CertificateHolder certificate(KeyPair subject, long serial, Duration until) {
        Instant end = Instant.now().plus(until);
        try {
            return new JcaX509v3CertificateBuilder(
                            new X500Name("CN=authority"),
                            BigInteger.valueOf(serial),
                            Date.from(end.minus(DAY.multipliedBy(2))),
                            Date.from(end),
                            new X500Name(subject == AUTHORITY ? "CN=authority" : "CN=subject"),
                            subject.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withRSA").build(AUTHORITY.getPrivate()));
        } catch (OperatorCreationException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
