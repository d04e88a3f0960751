package io.giftorders.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.problem.Unavailable;
import io.giftorders.shop.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class TokensTests {

    /** What follows a signature counts for nothing, so one good token is as many as its owner likes. */
    @Test
    void longTokensTakeThePlaceOfSeveral() {
        Tokens tokens = remembering(16);
        String filler = "!".repeat(7_000);
        List<String> all =
                IntStream.range(0, 16).mapToObj(i -> "token-" + i + filler).toList();

        all.forEach(token -> tokens.verify(token).block());

        Shop.await(() ->
                all.stream().filter(token -> tokens.remembered(token) != null).count() <= 2);
    }

    @Test
    void shortTokensAreRememberedUpToTheirNumber() {
        Tokens tokens = remembering(16);
        List<String> all = IntStream.range(0, 16).mapToObj(i -> "token-" + i).toList();

        all.forEach(token -> tokens.verify(token).block());

        assertThat(all).allSatisfy(token -> assertThat(tokens.remembered(token)).isNotNull());
    }

    @Test
    void nobodyWaitsForAnIssuerThatIsSilent() {
        Tokens tokens = tokens(token -> Mono.never(), 16);

        StepVerifier.withVirtualTime(() -> tokens.verify("token"))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(4))
                .thenAwait(Duration.ofSeconds(1))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(Unavailable.class, unavailable -> assertThat(unavailable.name())
                                .isEqualTo("issuer-unavailable")));
    }

    private static Tokens remembering(int number) {
        return tokens(
                token -> Mono.just(Jwt.withTokenValue(token)
                        .header("alg", "RS256")
                        .subject("7")
                        .expiresAt(Instant.now().plusSeconds(600))
                        .build()),
                number);
    }

    private static Tokens tokens(ReactiveJwtDecoder decoder, int number) {
        return new Tokens(
                new StaticListableBeanFactory(Map.of("decoder", decoder)).getBeanProvider(ReactiveJwtDecoder.class),
                new IdentityProperties(null, Duration.ofMinutes(1), number));
    }
}
