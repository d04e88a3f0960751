package io.giftorders.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.giftorders.problem.CannotStart;
import io.giftorders.problem.Detail;
import io.giftorders.problem.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Verifies tokens and remembers those that were good. Signature, algorithm, {@code nbf}, issuer and audience are checked
 * by the decoder that Spring Boot configures; {@code exp} is checked here again for a remembered token.
 */
@Component
final class Tokens {

    private static final Logger log = LoggerFactory.getLogger(Tokens.class);

    private static final String PUBLIC_KEY = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_PUBLIC_KEY_LOCATION";

    /**
     * What a remembered token weighs at least. A long one weighs more: what follows a signature is passed over when it is
     * decoded, so whoever has one good token can make as many as they like, as long as a head may be.
     */
    private static final int BYTES_OF_A_TOKEN = 1024;

    /** Chosen: longer than the issuer's keys take to come, or not to come. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReactiveJwtDecoder decoder;
    private final Cache<String, Caller> remembered;
    private final Clock clock = Clock.systemUTC();

    Tokens(ObjectProvider<ReactiveJwtDecoder> decoder, IdentityProperties properties) {
        this.decoder = configured(decoder);
        this.remembered = Caffeine.newBuilder()
                .maximumWeight((long) properties.cachedTokens() * BYTES_OF_A_TOKEN)
                .weigher((String token, Caller caller) -> Math.max(BYTES_OF_A_TOKEN, token.length()))
                .expireAfterWrite(properties.cacheFor())
                .build();
    }

    private static ReactiveJwtDecoder configured(ObjectProvider<ReactiveJwtDecoder> decoder) {
        try {
            return decoder.getIfAvailable(() -> {
                throw new CannotStart(
                        "Nothing says whose tokens to trust: set " + PUBLIC_KEY + " to a PEM file, such as"
                                + " file:/etc/gift-orders/issuer.pub.pem, or"
                                + " SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI.");
            });
        } catch (BeanCreationException failure) {
            if (failure.getMostSpecificCause() instanceof InvalidConfigurationPropertyValueException explained) {
                throw explained;
            }
            throw new CannotStart(PUBLIC_KEY + " names no RSA public key: set it to a PEM file that begins with"
                    + " -----BEGIN PUBLIC KEY-----.");
        }
    }

    /** The caller of a token verified a short while ago, or null. */
    @Nullable
    Caller remembered(String token) {
        Caller caller = remembered.getIfPresent(token);
        return caller != null && caller.expiresAt().isAfter(clock.instant()) ? caller : null;
    }

    /**
     * Verifies a token and remembers it.
     *
     * @return its caller; fails with {@link NotAuthenticated}, or with {@link Unavailable} where the issuer's keys cannot
     *     be fetched
     */
    Mono<Caller> verify(String token) {
        return decoder.decode(token)
                .timeout(PATIENCE)
                .onErrorMap(BadJwtException.class, Tokens::refused)
                .onErrorMap(failure -> !(failure instanceof NotAuthenticated), Tokens::issuerAway)
                .map(Tokens::caller)
                .doOnNext(caller -> remembered.put(token, caller));
    }

    private static Caller caller(Jwt jwt) {
        Instant expiresAt = jwt.getExpiresAt();
        if (expiresAt == null) {
            throw new NotAuthenticated(Detail.of("not-authenticated.no-exp"));
        }
        return new Caller(uid(jwt.getSubject()), scopes(jwt).contains(Identity.OPERATOR_SCOPE), expiresAt);
    }

    private static long uid(@Nullable String subject) {
        if (subject == null || !subject.matches("0|[1-9][0-9]{0,17}")) {
            throw new NotAuthenticated(Detail.of("not-authenticated.no-uid"));
        }
        return Long.parseLong(subject);
    }

    /** RFC 8693 writes scopes as one string with spaces, some issuers as a list named scp. */
    private static List<String> scopes(Jwt jwt) {
        Object scope = jwt.hasClaim("scope") ? jwt.getClaim("scope") : jwt.getClaim("scp");
        if (scope instanceof String spaced) {
            return List.of(spaced.split(" "));
        }
        return scope instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** The decoder's messages quote the token's claims, so the client gets ours. */
    private static NotAuthenticated refused(BadJwtException refused) {
        String message = String.valueOf(refused.getMessage());
        return new NotAuthenticated(
                message.contains("expired")
                        ? Detail.of("not-authenticated.expired")
                        : Detail.of("not-authenticated.not-valid"));
    }

    private static Throwable issuerAway(Throwable failure) {
        log.atWarn().addKeyValue("cause", failure.getClass().getSimpleName()).log("token issuer unavailable");
        return new Unavailable("issuer-unavailable", Detail.of("issuer-unavailable"), Duration.ofSeconds(5));
    }
}
