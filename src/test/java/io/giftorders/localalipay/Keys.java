package io.giftorders.localalipay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The key pair of the app and that of Alipay, made anew for every instance; the seller gets files, as from Alipay's site. */
final class Keys {

    private static final int BITS = 2048;
    private static final Set<String> SIGNATURE = Set.of("sign");
    private static final Set<String> SIGNATURE_AND_TYPE = Set.of("sign", "sign_type");

    private final KeyPair app;
    private final KeyPair alipay;
    private final Certificates certificates;
    private final Path directory;

    private Keys(KeyPair app, KeyPair alipay, Certificates certificates, Path directory) {
        this.app = app;
        this.alipay = alipay;
        this.certificates = certificates;
        this.directory = directory;
    }

    static Keys generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
            Path directory = Files.createTempDirectory(target, "alipay-keys-");
            directory.toFile().deleteOnExit();
            KeyPair app = generator.generateKeyPair();
            KeyPair alipay = generator.generateKeyPair();
            Certificates issued = Certificates.issue(generator, app.getPublic(), alipay.getPublic());
            Keys keys = new Keys(app, alipay, issued, directory);
            keys.write(
                    "app_private_key.pem", "PRIVATE KEY", keys.app.getPrivate().getEncoded());
            keys.write("app_public_key.pem", "PUBLIC KEY", keys.app.getPublic().getEncoded());
            keys.write(
                    "alipay_public_key.pem",
                    "PUBLIC KEY",
                    keys.alipay.getPublic().getEncoded());
            keys.write("app_cert.crt", "CERTIFICATE", issued.app().getEncoded());
            keys.write("alipay_cert.crt", "CERTIFICATE", issued.alipay().getEncoded());
            keys.write("alipay_root_cert.crt", "CERTIFICATE", issued.root().getEncoded());
            return keys;
        } catch (GeneralSecurityException | IOException failure) {
            throw new IllegalStateException("cannot make keys", failure);
        }
    }

    private void write(String name, String label, byte[] encoded) {
        Path file = directory.resolve(name);
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        try {
            Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        file.toFile().deleteOnExit();
    }

    Certificates certificates() {
        return certificates;
    }

    Path directory() {
        return directory;
    }

    /** Whether the app signed these parameters: every one except the signature, its type included. */
    boolean signedByApp(Map<String, String> parameters) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(app.getPublic());
            signature.update(Parameters.line(parameters, SIGNATURE).getBytes(Parameters.charset(parameters)));
            return signature.verify(Base64.getDecoder().decode(parameters.get("sign")));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            return false;
        }
    }

    /** Signs what goes to a notify or return address: every parameter except the signature and its type. */
    Map<String, String> sign(Map<String, String> parameters) {
        Map<String, String> signed = new TreeMap<>(parameters);
        signed.put("sign", sign(Parameters.line(parameters, SIGNATURE_AND_TYPE), Parameters.charset(parameters)));
        signed.put("sign_type", "RSA2");
        return signed;
    }

    String sign(String text, Charset charset) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(alipay.getPrivate());
            signature.update(text.getBytes(charset));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("cannot sign", failure);
        }
    }
}
