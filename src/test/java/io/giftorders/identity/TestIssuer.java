package io.giftorders.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** Issues tokens. Its key is made anew for every JVM; the service gets the public half as a PEM file, as in production. */
public final class TestIssuer {

    public static final TestIssuer INSTANCE = new TestIssuer();

    private static final Duration LIFETIME = Duration.ofHours(24);

    private final RSAKey key;
    private final Path publicKey;

    private TestIssuer() {
        try {
            key = new RSAKeyGenerator(2048).generate();
            publicKey = Path.of("target", "issuer-" + ProcessHandle.current().pid() + ".pub.pem")
                    .toAbsolutePath();
            Files.createDirectories(publicKey.getParent());
            Files.writeString(publicKey, pem(key.toRSAPublicKey().getEncoded()));
            publicKey.toFile().deleteOnExit();
        } catch (JOSEException | IOException failure) {
            throw new IllegalStateException("cannot issue tokens", failure);
        }
    }

    /** For {@code spring.security.oauth2.resourceserver.jwt.public-key-location}. */
    public String publicKeyLocation() {
        return publicKey.toUri().toString();
    }

    public RSAKey key() {
        return key;
    }

    /** A token for a day. */
    public String buyer(long uid) {
        return sign(claims(Long.toString(uid)).build());
    }

    /** A token for a day with the scope {@code shop:operate}. */
    public String operator(long uid) {
        return sign(claims(Long.toString(uid))
                .claim("scope", Identity.OPERATOR_SCOPE)
                .build());
    }

    /** Claims that are good for a day, to be spoilt by a test. */
    public static JWTClaimsSet.Builder claims(String subject) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .subject(subject)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
    }

    public String sign(JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.RS256), claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static String pem(byte[] encoded) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END PUBLIC KEY-----\n";
    }
}
