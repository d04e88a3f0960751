package io.giftorders.identity;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

/**
 * The issuer's keys as they were fetched a moment ago, for whoever asks. The decoder fetches them again for every token that
 * names a key it does not know, and such tokens cost nobody anything.
 */
final class IssuerKeys implements ExchangeFilterFunction {

    /** Chosen: a key that the issuer adds is known so soon. */
    private static final Duration FRESH = Duration.ofSeconds(5);

    /** Chosen: less than a caller's patience, see {@link Tokens}. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** By address, of which the decoder has one. */
    private final ConcurrentMap<URI, Mono<String>> fetched = new ConcurrentHashMap<>();

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        return fetched.computeIfAbsent(request.url(), address -> fetch(request, next))
                .map(IssuerKeys::response);
    }

    /** Whoever asks meanwhile waits for the same answer. One that did not come is not remembered. */
    private static Mono<String> fetch(ClientRequest request, ExchangeFunction next) {
        return next.exchange(request)
                .flatMap(response -> response.statusCode().is2xxSuccessful()
                        ? response.bodyToMono(String.class)
                        : response.createError())
                .timeout(PATIENCE)
                .cache(keys -> FRESH, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    private static ClientResponse response(String keys) {
        return ClientResponse.create(HttpStatus.OK)
                .header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_JSON_VALUE)
                .body(keys)
                .build();
    }
}
