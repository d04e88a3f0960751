package io.giftorders.payment.alipay;

import io.giftorders.problem.CannotStart;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.encoders.Base64;
import org.bouncycastle.util.encoders.DecoderException;
import org.jspecify.annotations.Nullable;

/**
 * One file of the keys directory: PEM as openssl writes it, or the bare base64 that Alipay's console and key tool show, in
 * one line or several. What it cannot be stops the start; no message has any of its content.
 */
record KeyFile(Path path) {

    /** Chosen: a key is 2 KB, the file of root certificates 10 KB. */
    private static final int MAX_BYTES = 256 * 1024;

    /** What Alipay asks for. */
    private static final int MIN_BITS = 2048;

    static final AlgorithmIdentifier RSA =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The RSA key in it, PKCS#1 or PKCS#8. */
    RSAPrivateKey privateKey() {
        Object content = content();
        if (content instanceof PEMEncryptedKeyPair || content instanceof PKCS8EncryptedPrivateKeyInfo) {
            throw new CannotStart("The key in " + path + " is encrypted: decrypt it with openssl pkey -in " + path
                    + " -out decrypted.pem, and put the result in its place.");
        }
        PrivateKeyInfo key = content instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : as(content);
        if (key == null || !isRsa(key.getPrivateKeyAlgorithm())) {
            throw unusable("an RSA private key (begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE"
                    + " KEY-----)");
        }
        try {
            RSAPrivateKey rsa = RSAPrivateKey.getInstance(key.parsePrivateKey());
            requireLong(rsa.getModulus().bitLength());
            return rsa;
        } catch (IOException | IllegalArgumentException malformed) {
            throw unusable("an RSA private key");
        }
    }

    /** The RSA key in it. */
    RSAPublicKey publicKey() {
        if (!(content() instanceof SubjectPublicKeyInfo key) || !isRsa(key.getAlgorithm())) {
            throw unusable("an RSA public key (begins with -----BEGIN PUBLIC KEY-----)");
        }
        return publicKey(key);
    }

    /** The RSA key of a certificate in it. */
    RSAPublicKey publicKey(X509CertificateHolder certificate) {
        SubjectPublicKeyInfo key = certificate.getSubjectPublicKeyInfo();
        if (!isRsa(key.getAlgorithm())) {
            throw unusable("a certificate of an RSA key");
        }
        return publicKey(key);
    }

    /** The first certificate in it. */
    X509CertificateHolder certificate() {
        if (content() instanceof X509CertificateHolder certificate) {
            return certificate;
        }
        throw unusable("a certificate (begins with -----BEGIN CERTIFICATE-----)");
    }

    /** What the file says, without a byte order mark, blanks at the ends of lines and carriage returns. */
    String text() {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CannotStart(path + " is too large for a key: put the right file there.");
            }
            return new String(bytes, StandardCharsets.UTF_8)
                    .replace(BYTE_ORDER_MARK, "")
                    .lines()
                    .map(String::strip)
                    .collect(Collectors.joining("\n"));
        } catch (NoSuchFileException missing) {
            throw new CannotStart("There is no " + path + ": put the file there, as alipay-keys/README.md says, or set"
                    + " GIFT_ORDERS_ALIPAY_KEYS to the directory that has it.");
        } catch (IOException unreadable) {
            throw new CannotStart(path + " cannot be read: make it a file that this service's user may read.");
        }
    }

    private @Nullable Object content() {
        String text = text();
        try {
            return text.contains("-----BEGIN") ? new PEMParser(new StringReader(text)).readObject() : bare(text);
        } catch (IOException | IllegalArgumentException | DecoderException malformed) {
            return null;
        }
    }

    /** A private key begins with a version; then comes a number in PKCS#1, a structure in PKCS#8. */
    private static @Nullable Object bare(String base64) throws IOException {
        if (!(ASN1Primitive.fromByteArray(Base64.decode(base64)) instanceof ASN1Sequence sequence)
                || sequence.size() < 2) {
            return null;
        }
        if (!(sequence.getObjectAt(0) instanceof ASN1Integer)) {
            return sequence.getObjectAt(1) instanceof ASN1OctetString
                    ? new PKCS8EncryptedPrivateKeyInfo(sequence.getEncoded())
                    : SubjectPublicKeyInfo.getInstance(sequence);
        }
        return sequence.getObjectAt(1) instanceof ASN1Integer
                ? new PrivateKeyInfo(RSA, RSAPrivateKey.getInstance(sequence))
                : PrivateKeyInfo.getInstance(sequence);
    }

    private RSAPublicKey publicKey(SubjectPublicKeyInfo key) {
        try {
            RSAPublicKey rsa = RSAPublicKey.getInstance(key.parsePublicKey());
            requireLong(rsa.getModulus().bitLength());
            return rsa;
        } catch (IOException | IllegalArgumentException malformed) {
            throw unusable("an RSA public key");
        }
    }

    private void requireLong(int bits) {
        if (bits < MIN_BITS) {
            throw new CannotStart("The key in " + path + " has " + bits + " bits: make one of " + MIN_BITS
                    + " bits or more, as alipay-keys/README.md says.");
        }
    }

    private CannotStart unusable(String wanted) {
        return new CannotStart(
                path + " is not " + wanted + ": put the right file there, as alipay-keys/README.md says.");
    }

    private static @Nullable PrivateKeyInfo as(@Nullable Object content) {
        return content instanceof PrivateKeyInfo key ? key : null;
    }

    private static boolean isRsa(AlgorithmIdentifier algorithm) {
        return PKCSObjectIdentifiers.rsaEncryption.equals(algorithm.getAlgorithm());
    }
}
