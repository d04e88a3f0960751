package io.giftorders.identity;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Router filters that let a request pass once it is known who asks. A filter at the route, not the security filter
 * chain: measured on two cores, the chain takes two thirds of the orders a second away.
 */
@Component
public final class Identity {

    static final String OPERATOR_SCOPE = "shop:operate";

    private static final String BEARER = "Bearer ";

    private final Tokens tokens;

    Identity(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Lets anyone with a valid token pass; answers 401 to everyone else. */
    public Mono<ServerResponse> buyers(ServerRequest request, HandlerFunction<ServerResponse> next) {
        String token = bearerToken(request);
        if (token == null) {
            return Mono.error(new NotAuthenticated());
        }
        Caller known = tokens.remembered(token);
        return known != null
                ? pass(known, request, next)
                : tokens.verify(token).flatMap(caller -> pass(caller, request, next));
    }

    /** Lets operators pass; answers 401 without a valid token and 403 without the scope. */
    public Mono<ServerResponse> operators(ServerRequest request, HandlerFunction<ServerResponse> next) {
        return buyers(
                request, passed -> Caller.of(passed).operator() ? next.handle(passed) : Mono.error(new NotAllowed()));
    }

    private static Mono<ServerResponse> pass(
            Caller caller, ServerRequest request, HandlerFunction<ServerResponse> next) {
        caller.attachTo(request);
        return next.handle(request);
    }

    private static @Nullable String bearerToken(ServerRequest request) {
        String header = request.headers().firstHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        return header.substring(BEARER.length()).trim();
    }
}
