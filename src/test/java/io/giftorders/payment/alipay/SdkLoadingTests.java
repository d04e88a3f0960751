package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.trace.Spans;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Security;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * What loading the SDK does to the JVM. Each test has a JVM of its own, because a class is loaded once; it says whether the
 * list of disabled algorithms is what it was, and whether a weak certificate is refused.
 */
class SdkLoadingTests {

    @Test
    void theSdkAloneWeakensTheJvm() throws Exception {
        assertThat(inItsOwnJvm("sdk")).isEqualTo("changed, accepted");
    }

    @Test
    void aStartOfTheServiceLeavesTheJvmAsItWas() throws Exception {
        assertThat(inItsOwnJvm("start")).isEqualTo("same, refused");
    }

    @Test
    void aGatewayMadeWithoutAStartLeavesTheJvmAsItWas() throws Exception {
        assertThat(inItsOwnJvm("gateway")).isEqualTo("same, refused");
    }

    public static void main(String[] how) throws Exception {
        String before = Security.getProperty("jdk.certpath.disabledAlgorithms");
        switch (how[0]) {
            case "sdk" -> Class.forName("com.alipay.api.DefaultAlipayClient");
            case "start" -> {
                new SpringApplicationBuilder(Object.class)
                        .web(WebApplicationType.NONE)
                        .logStartupInfo(false)
                        .run("--spring.main.banner-mode=off")
                        .close();
                // loaded already, and kept from nothing by this
                Class.forName("com.alipay.api.DefaultAlipayClient");
            }
            case "gateway" ->
                new Alipay(
                                GatewayStub.properties("http://127.0.0.1:1/gateway.do"),
                                new SimpleMeterRegistry(),
                                Spans.NONE)
                        .close();
            default -> throw new IllegalArgumentException(how[0]);
        }
        boolean same = before.equals(Security.getProperty("jdk.certpath.disabledAlgorithms"));
        System.out.println("result: " + (same ? "same" : "changed") + ", " + (acceptsWeak() ? "accepted" : "refused"));
    }

    private static String inItsOwnJvm(String how) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SdkLoadingTests.class.getName(),
                        how)
                .redirectErrorStream(true)
                .start();
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jvm.exitValue()).as(said).isZero();
        return said.lines()
                .filter(line -> line.startsWith("result: "))
                .map(line -> line.substring("result: ".length()))
                .findFirst()
                .orElse(said);
    }

    /** An authority's certificate is trusted as it is; what it issues is checked: here 768 bits and MD5. */
    private static boolean acceptsWeak() throws Exception {
        KeyPair authority = TestKeys.pair(2048);
        X509Certificate weak = certificate(TestKeys.pair(768), authority, "MD5withRSA");
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(weak));
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor("CN=authority", authority.getPublic(), null)));
        parameters.setRevocationEnabled(false);
        try {
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (CertPathValidatorException refused) {
            return false;
        }
    }

    private static X509Certificate certificate(KeyPair subject, KeyPair issuer, String algorithm) throws Exception {
        byte[] encoded = new JcaX509v3CertificateBuilder(
                        new X500Name("CN=authority"),
                        BigInteger.ONE,
                        Date.from(Instant.now().minusSeconds(60)),
                        Date.from(Instant.now().plusSeconds(3600)),
                        new X500Name("CN=weak"),
                        subject.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(issuer.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }
}
