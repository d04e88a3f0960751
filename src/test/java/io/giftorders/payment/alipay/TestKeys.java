package io.giftorders.payment.alipay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The shop's and Alipay's keys of the tests, and Alipay's side of a signature, made with the JDK alone. */
final class TestKeys {

    static final String APP_ID = "2021000000000001";
    static final String SELLER_ID = "2088000000000001";
    static final KeyPair APP = pair(2048);
    static final KeyPair ALIPAY = pair(2048);

    private static final Path DIRECTORY = newDirectory(APP, ALIPAY);

    private TestKeys() {}

    /** Of a shop where all is well; not to be changed. */
    static Path directory() {
        return DIRECTORY;
    }

    static Path newDirectory(KeyPair app, KeyPair alipay) {
        try {
            Path directory = Files.createDirectories(Path.of("target", "test-keys"));
            directory = Files.createTempDirectory(directory, "alipay");
            Files.writeString(directory.resolve("app_private_key.pem"), pem("PRIVATE KEY", app.getPrivate()));
            Files.writeString(directory.resolve("app_public_key.pem"), pem("PUBLIC KEY", app.getPublic()));
            Files.writeString(directory.resolve("alipay_public_key.pem"), pem("PUBLIC KEY", alipay.getPublic()));
            return directory;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static KeyPair pair(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static String pem(String label, Key key) {
        return pem(label, key.getEncoded());
    }

    static String pem(String label, byte[] der) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    /** Alipay's signature of a text. */
    static String sign(String text, Charset charset) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(ALIPAY.getPrivate());
            signature.update(text.getBytes(charset));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** A gateway's answer as Alipay writes it. */
    static String answer(String method, String node) {
        return "{\"" + node(method) + "\":" + node + ",\"sign\":\"" + sign(node, StandardCharsets.UTF_8) + "\"}";
    }

    static String node(String method) {
        return method.replace('.', '_') + "_response";
    }

    /** A form as Alipay posts it: signed without sign and sign_type, in the charset it names. */
    static String form(Map<String, String> parameters) {
        return encode(signed(parameters, Set.of("sign", "sign_type")));
    }

    static Map<String, String> signed(Map<String, String> parameters, Set<String> unsigned) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("sign_type", "RSA2");
        String text = all.entrySet().stream()
                .filter(one ->
                        !unsigned.contains(one.getKey()) && !one.getValue().isBlank())
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining("&"));
        all.put("sign", sign(text, charset(parameters)));
        return all;
    }

    static String encode(Map<String, String> parameters) {
        Charset charset = charset(parameters);
        return parameters.entrySet().stream()
                .map(one -> URLEncoder.encode(one.getKey(), charset) + "=" + URLEncoder.encode(one.getValue(), charset))
                .collect(Collectors.joining("&"));
    }

    private static Charset charset(Map<String, String> parameters) {
        return Charset.forName(parameters.getOrDefault("charset", "utf-8"));
    }
}
