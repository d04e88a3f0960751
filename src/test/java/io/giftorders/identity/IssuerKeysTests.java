package io.giftorders.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class IssuerKeysTests {

    private final IssuerKeys keys = new IssuerKeys();
    private final AtomicInteger fetched = new AtomicInteger();

    @Test
    void keysAreGoodForAllWhoAskForAWhileAndThenFetchedAgain() {
        StepVerifier.withVirtualTime(() -> ask(number -> Mono.just(answer(HttpStatus.OK, "keys " + number)))
                        .repeat(2)
                        .concatWith(
                                Mono.delay(Duration.ofSeconds(6)).then(Mono.defer(() -> ask(number -> Mono.empty())))))
                .expectNext("keys 1", "keys 1", "keys 1")
                .thenAwait(Duration.ofSeconds(6))
                .expectNext("keys 2")
                .verifyComplete();
    }

    @Test
    void whatDidNotComeIsNotRemembered() {
        ask(number -> Mono.just(answer(HttpStatus.BAD_GATEWAY, "")))
                .as(StepVerifier::create)
                .verifyError(WebClientResponseException.BadGateway.class);
        ask(number -> Mono.empty()).as(StepVerifier::create).verifyError(WebClientResponseException.BadGateway.class);

        assertThat(fetched.get()).isEqualTo(2);
    }

    @Test
    void nobodyWaitsForAnIssuerThatIsSilent() {
        StepVerifier.withVirtualTime(() -> ask(number -> Mono.never()))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(2))
                .thenAwait(Duration.ofSeconds(1))
                .verifyError(TimeoutException.class);
    }

    /** Only the first one's issuer is asked, since it is the same address. */
    private Mono<String> ask(Function<Integer, Mono<ClientResponse>> issuer) {
        ClientRequest request = ClientRequest.create(HttpMethod.GET, URI.create("https://issuer.example/keys"))
                .build();
        return keys.filter(request, same -> Mono.defer(() -> issuer.apply(fetched.incrementAndGet())))
                .flatMap(response -> response.bodyToMono(String.class));
    }

    private static ClientResponse answer(HttpStatus status, String body) {
        return ClientResponse.create(status).body(body).build();
    }
}
