package io.giftorders.payment.alipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayConfig;
import com.alipay.api.AlipayConstants;
import com.alipay.api.internal.util.AlipaySignature;
import io.giftorders.payment.alipay.AlipayProperties.Mode;
import io.giftorders.problem.CannotStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.util.encoders.Base64;

/**
 * The shop's key and Alipay's, read and compared when the service starts: the SDK would find a mistake at the first
 * payment, or never. Prints nothing of them.
 */
final class Keys {

    private static final String SIGNATURE = AlipayConstants.SIGN_TYPE_RSA2;

    private final Mode mode;
    private final Path directory;
    private final String privateKey;
    private final String alipayKey;

    private Keys(Mode mode, Path directory, RSAPrivateKey own, RSAPublicKey alipay) {
        this.mode = mode;
        this.directory = directory;
        this.privateKey = base64(own);
        this.alipayKey = base64(alipay);
    }

    /** Reads the directory; throws {@link CannotStart} where anything is missing, unreadable or does not fit. */
    static Keys read(Path directory, Mode mode, Instant now) {
        KeyFile privateFile = new KeyFile(directory.resolve("app_private_key.pem"));
        RSAPrivateKey own = privateFile.privateKey();
        RSAPublicKey ownPublic = new RSAPublicKey(own.getModulus(), own.getPublicExponent());
        requireItSigns(own, ownPublic, privateFile);
        RSAPublicKey alipay =
                switch (mode) {
                    case PUBLIC_KEY -> fromKeys(directory, ownPublic);
                    case CERTIFICATE -> fromCertificates(directory, ownPublic, now);
                };
        return new Keys(mode, directory, own, alipay);
    }

    /** Whether calls carry the serial numbers of certificates. */
    boolean withCertificates() {
        return mode == Mode.CERTIFICATE;
    }

    /** Gives the SDK's client what it signs and verifies with. */
    void configure(AlipayConfig client) {
        client.setPrivateKey(privateKey);
        if (withCertificates()) {
            client.setAppCertContent(appCertificate(directory).text());
            client.setAlipayPublicCertContent(alipayCertificate(directory).text());
            client.setRootCertContent(rootCertificates(directory).text());
        } else {
            client.setAlipayPublicKey(alipayKey);
        }
    }

    /**
     * Whether Alipay signed these parameters, without their {@code sign} and {@code sign_type}.
     *
     * @throws AlipayApiException where the signature is none at all; its message has all of it, never log it
     */
    boolean signedWithoutType(SignedForm form) throws AlipayApiException {
        return AlipaySignature.rsaCheckV1(form.copy(), alipayKey, form.charset().name(), SIGNATURE);
    }

    /** Whether Alipay signed these parameters, without their {@code sign} only; fails as the other does. */
    boolean signedWithType(SignedForm form) throws AlipayApiException {
        return AlipaySignature.rsaCheckV2(form.copy(), alipayKey, form.charset().name(), SIGNATURE);
    }

    private static RSAPublicKey fromKeys(Path directory, RSAPublicKey own) {
        KeyFile publicFile = new KeyFile(directory.resolve("app_public_key.pem"));
        KeyFile alipayFile = new KeyFile(directory.resolve("alipay_public_key.pem"));
        if (!own.equals(publicFile.publicKey())) {
            throw new CannotStart(
                    publicFile.path() + " is not the public half of app_private_key.pem: make it anew with"
                            + " openssl rsa -in app_private_key.pem -pubout -out app_public_key.pem, and upload it to Alipay.");
        }
        return alipays(alipayFile.publicKey(), own, alipayFile);
    }

    private static RSAPublicKey fromCertificates(Path directory, RSAPublicKey own, Instant now) {
        KeyFile app = appCertificate(directory);
        KeyFile alipay = alipayCertificate(directory);
        if (!own.equals(app.publicKey(valid(app, now)))) {
            throw new CannotStart(app.path() + " does not belong to app_private_key.pem: download the certificate that"
                    + " Alipay issued for this key.");
        }
        valid(rootCertificates(directory), now);
        return alipays(alipay.publicKey(valid(alipay, now)), own, alipay);
    }

    private static X509CertificateHolder valid(KeyFile file, Instant now) {
        X509CertificateHolder certificate = file.certificate();
        if (!certificate.isValidOn(Date.from(now))) {
            throw new CannotStart(file.path() + " is valid only from "
                    + certificate.getNotBefore().toInstant() + " to "
                    + certificate.getNotAfter().toInstant()
                    + ": download a current certificate from Alipay's console.");
        }
        return certificate;
    }

    /** The most frequent mistake of all. */
    private static RSAPublicKey alipays(RSAPublicKey alipay, RSAPublicKey own, KeyFile file) {
        if (alipay.equals(own)) {
            throw new CannotStart(file.path() + " is the shop's own key: put there what Alipay's console shows as"
                    + " Alipay's key.");
        }
        return alipay;
    }

    /** Through the SDK, as every later signature; also spares the first buyer the loading of its classes. */
    private static void requireItSigns(RSAPrivateKey own, RSAPublicKey ownPublic, KeyFile file) {
        String text = "signed at the start";
        String charset = StandardCharsets.UTF_8.name();
        try {
            String signature = AlipaySignature.rsaSign(text, base64(own), charset, SIGNATURE);
            if (AlipaySignature.rsaCheck(text, signature, base64(ownPublic), charset, SIGNATURE)) {
                return;
            }
        } catch (AlipayApiException | RuntimeException broken) {
            // the sentence below says it, and the message would not bear being shown
        }
        throw new CannotStart(
                file.path() + " is damaged, what it signs cannot be verified: restore it, or make a new key"
                        + " as alipay-keys/README.md says.");
    }

    private static KeyFile appCertificate(Path directory) {
        return new KeyFile(directory.resolve("app_cert.crt"));
    }

    private static KeyFile alipayCertificate(Path directory) {
        return new KeyFile(directory.resolve("alipay_cert.crt"));
    }

    private static KeyFile rootCertificates(Path directory) {
        return new KeyFile(directory.resolve("alipay_root_cert.crt"));
    }

    private static String base64(RSAPrivateKey key) {
        try {
            return Base64.toBase64String(new PrivateKeyInfo(KeyFile.RSA, key).getEncoded());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String base64(RSAPublicKey key) {
        try {
            return Base64.toBase64String(new SubjectPublicKeyInfo(KeyFile.RSA, key).getEncoded());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
