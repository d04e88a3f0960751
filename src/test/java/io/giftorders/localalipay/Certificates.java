package io.giftorders.localalipay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A root of Alipay's own and what it vouches for: the app's key and Alipay's. The root's private key is forgotten at once. */
record Certificates(X509Certificate root, X509Certificate alipay, X509Certificate app) {

    private static final String ROOT = "C=CN,O=Local Alipay,OU=Certification Authority,CN=Local Alipay Root R1";
    private static final Duration LIFETIME = Duration.ofDays(365);

    static Certificates issue(KeyPairGenerator generator, PublicKey app, PublicKey alipay) {
        KeyPair root = generator.generateKeyPair();
        return new Certificates(
                issue(1, ROOT, root.getPublic(), root.getPrivate()),
                issue(2, "C=CN,O=Local Alipay,CN=Alipay RSA2", alipay, root.getPrivate()),
                issue(3, "C=CN,O=Gift Orders,CN=2088102146225135-2021004100000017", app, root.getPrivate()));
    }

    @SuppressWarnings("JavaUtilDate") // what the builder takes
    private static X509Certificate issue(long serial, String subject, PublicKey key, PrivateKey issuer) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                new X500Name(ROOT),
                BigInteger.valueOf(now.toEpochMilli()).shiftLeft(8).add(BigInteger.valueOf(serial)),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plus(LIFETIME)),
                new X500Name(subject),
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
        try {
            byte[] encoded = builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(issuer))
                    .getEncoded();
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (OperatorCreationException | GeneralSecurityException | IOException failure) {
            throw new IllegalStateException("cannot issue a certificate", failure);
        }
    }

    /** What Alipay calls a certificate's serial number: MD5 of its issuer's name and its number, in hexadecimal digits. */
    static String serial(X509Certificate certificate) {
        String text = certificate.getIssuerX500Principal().getName() + certificate.getSerialNumber();
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
