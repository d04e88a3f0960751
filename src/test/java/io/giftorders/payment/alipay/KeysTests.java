package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.giftorders.payment.alipay.AlipayProperties.Mode;
import io.giftorders.problem.CannotStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key files work, and what is said of those that do not. */
class KeysTests {

    private final Path directory = TestKeys.newDirectory(TestKeys.APP, TestKeys.ALIPAY);

    /** The ways a private key is written. */
    enum Writing {
        PKCS8_PEM,
        PKCS1_PEM,
        PKCS8_ONE_LINE,
        PKCS8_LINES,
        PKCS1_ONE_LINE,
        PKCS1_LINES;

        String of(PrivateKey key) throws IOException {
            byte[] pkcs8 = key.getEncoded();
            byte[] pkcs1 = PrivateKeyInfo.getInstance(pkcs8)
                    .parsePrivateKey()
                    .toASN1Primitive()
                    .getEncoded();
            return switch (this) {
                case PKCS8_PEM -> TestKeys.pem("PRIVATE KEY", pkcs8);
                case PKCS1_PEM -> TestKeys.pem("RSA PRIVATE KEY", pkcs1);
                case PKCS8_ONE_LINE -> Base64.getEncoder().encodeToString(pkcs8);
                case PKCS8_LINES -> Base64.getMimeEncoder().encodeToString(pkcs8);
                case PKCS1_ONE_LINE -> Base64.getEncoder().encodeToString(pkcs1);
                case PKCS1_LINES -> Base64.getMimeEncoder().encodeToString(pkcs1);
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Writing.class)
    void aPrivateKeyWorksHoweverItIsWritten(Writing writing) throws Exception {
        String text = writing.of(TestKeys.APP.getPrivate());

        for (String written : new String[] {
            text, "\uFEFF" + text, text.replace("\r", "").replace("\n", "\r\n"), text.replace("\n", "  \n") + " \n\n"
        }) {
            write("app_private_key.pem", written);
            assertThatCode(this::read).doesNotThrowAnyException();
        }
    }

    @Test
    void aPublicKeyWorksWithoutItsFirstAndLastLine() throws Exception {
        byte[] key = TestKeys.ALIPAY.getPublic().getEncoded();
        for (String written : new String[] {
            Base64.getEncoder().encodeToString(key), Base64.getMimeEncoder().encodeToString(key) + "\r\n"
        }) {
            write("alipay_public_key.pem", written);
            assertThatCode(this::read).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-traditional"})
    void theKeysOfTheReadmesCommandsWork(String option) throws Exception {
        openssl("genrsa " + option + " -out app_private_key.pem 2048");
        openssl("rsa -in app_private_key.pem -pubout -out app_public_key.pem");

        String text = Files.readString(directory.resolve("app_private_key.pem"));
        assertThat(text).startsWith(option.isEmpty() ? "-----BEGIN PRIVATE KEY" : "-----BEGIN RSA PRIVATE KEY");
        assertThatCode(this::read).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genrsa -aes128 -passout pass:secret -out app_private_key.pem 2048",
                "genrsa -traditional -aes128 -passout pass:secret -out app_private_key.pem 2048"
            })
    void anEncryptedKeyIsRefused(String command) throws Exception {
        openssl(command);

        assertSentence("app_private_key.pem is encrypted: decrypt it");
    }

    @Test
    void anEncryptedKeyWithoutItsFirstAndLastLineIsRefused() throws Exception {
        openssl("genrsa -aes128 -passout pass:secret -out app_private_key.pem 2048");
        String text = Files.readString(directory.resolve("app_private_key.pem"));
        write("app_private_key.pem", text.replaceAll("-----.*-----", ""));

        assertSentence("app_private_key.pem is encrypted: decrypt it");
    }

    @Test
    void aShortKeyIsRefused() throws Exception {
        write(
                "app_private_key.pem",
                TestKeys.pem("PRIVATE KEY", TestKeys.pair(1024).getPrivate()));
        assertSentence("app_private_key.pem has 1024 bits");

        write("app_private_key.pem", TestKeys.pem("PRIVATE KEY", TestKeys.APP.getPrivate()));
        write(
                "alipay_public_key.pem",
                TestKeys.pem("PUBLIC KEY", TestKeys.pair(1024).getPublic()));
        assertSentence("alipay_public_key.pem has 1024 bits");
    }

    @Test
    void aPublicKeyOfAnotherPairIsRefused() throws Exception {
        write(
                "app_public_key.pem",
                TestKeys.pem("PUBLIC KEY", TestKeys.pair(2048).getPublic()));

        assertSentence("app_public_key.pem is not the public half of app_private_key.pem");
    }

    @Test
    void theShopsOwnKeyInPlaceOfAlipaysIsRefused() throws Exception {
        write("alipay_public_key.pem", TestKeys.pem("PUBLIC KEY", TestKeys.APP.getPublic()));

        assertSentence("alipay_public_key.pem is the shop's own key");
    }

    /** A key may parse and yet not sign: here one byte of a prime is another. */
    @Test
    void aDamagedKeyIsRefused() throws Exception {
        byte[] key = TestKeys.APP.getPrivate().getEncoded();
        key[key.length - 300]++;
        write("app_private_key.pem", TestKeys.pem("PRIVATE KEY", key));

        assertSentence("app_private_key.pem is damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app_private_key.pem", "app_public_key.pem", "alipay_public_key.pem"})
    void aFileThatIsMissingOrNoKeyIsNamed(String name) throws Exception {
        for (String text : new String[] {
            "",
            "hello",
            "-----BEGIN PRIVATE KEY-----\nhello\n-----END PRIVATE KEY-----",
            "AAAA",
            "MAA=",
            "MAMCAQA=",
            "-----BEGIN",
            "{\"key\":1}",
            TestKeys.pem("EC PRIVATE KEY", new byte[] {0x30, 0}),
            elliptic()
        }) {
            write(name, text);
            assertSentence(name + " is not an RSA ");
        }
        write(name, "A".repeat(300_000));
        assertSentence(name + " is too large");

        Files.delete(directory.resolve(name));
        assertSentence("There is no " + directory.resolve(name));

        Files.createDirectory(directory.resolve(name));
        assertSentence(name + " cannot be read");
    }

    @Test
    void aPublicKeyInPlaceOfThePrivateOneIsRefused() throws Exception {
        write("app_private_key.pem", TestKeys.pem("PUBLIC KEY", TestKeys.APP.getPublic()));

        assertSentence("app_private_key.pem is not an RSA private key");
    }

    private Keys read() {
        return Keys.read(directory, Mode.PUBLIC_KEY, Instant.now());
    }

    private void assertSentence(String part) {
        Throwable failure = catchThrowable(this::read);

        assertThat(failure).isInstanceOf(CannotStart.class).hasMessageContaining(part);
        assertThat(failure.getMessage()).endsWith(".").doesNotContain("\n").doesNotContainPattern("[A-Za-z0-9+/]{60}");
        assertThat(failure.getCause()).isNull();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private void openssl(String arguments) throws Exception {
        Process openssl = new ProcessBuilder(("openssl " + arguments).split(" +"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(openssl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(openssl.exitValue()).as(said).isZero();
    }

    private static String elliptic() throws Exception {
        return TestKeys.pem(
                "PRIVATE KEY",
                KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate());
    }
}
