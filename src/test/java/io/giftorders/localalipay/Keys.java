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
    private final Path directory;

    private Keys(KeyPair app, KeyPair alipay, Path directory) {
        this.app = app;
        this.alipay = alipay;
        this.directory = directory;
    }

    static Keys generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            Path target = Files.createDirectories(Path.of("target")).toAbsolutePath();
            Path directory = Files.createTempDirectory(target, "alipay-keys-");
            directory.toFile().deleteOnExit();
            Keys keys = new Keys(generator.generateKeyPair(), generator.generateKeyPair(), directory);
            keys.write(
                    "app_private_key.pem", "PRIVATE KEY", keys.app.getPrivate().getEncoded());
            keys.write("app_public_key.pem", "PUBLIC KEY", keys.app.getPublic().getEncoded());
            keys.write(
                    "alipay_public_key.pem",
                    "PUBLIC KEY",
                    keys.alipay.getPublic().getEncoded());
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
