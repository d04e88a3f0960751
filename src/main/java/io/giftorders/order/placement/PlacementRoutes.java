package io.giftorders.order.placement;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.giftorders.identity.Caller;
import io.giftorders.identity.Identity;
import io.giftorders.json.JsonResponse;
import io.giftorders.order.CartReader;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.OrderCodes;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.problem.Language;
import io.giftorders.problem.Refusal;
import io.giftorders.problem.Unavailable;
import io.giftorders.trace.Spans;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class PlacementRoutes {

    private final CartReader carts;
    private final OrderCodes codes;
    private final GroupCommit groupCommit;
    private final Identity identity;
    private final JsonMapper json;
    private final Spans spans;
    private final Map<Language, ServerResponse> overloaded = new EnumMap<>(Language.class);

    PlacementRoutes(
            CartReader carts,
            OrderCodes codes,
            GroupCommit groupCommit,
            Identity identity,
            JsonMapper json,
            Spans spans) {
        this.carts = carts;
        this.codes = codes;
        this.groupCommit = groupCommit;
        this.identity = identity;
        this.json = json;
        this.spans = spans;
        for (Language language : Language.values()) {
            overloaded.put(language, encoded(Refusals.overloaded(), language));
        }
    }

    /** Asked first of all routes: nearly every request in a sale is one of these. */
    @Bean
    @Order(0)
    RouterFunction<ServerResponse> placementApi() {
        return route().POST("/orders", this::place)
                .filter(Refusal::answered)
                .filter(identity::buyers)
                .build();
    }

    private Mono<ServerResponse> place(ServerRequest request) {
        if (groupCommit.turnsAway()) {
            return Mono.just(Objects.requireNonNull(
                    overloaded.get(Language.of(request.headers().asHttpHeaders()))));
        }
        long uid = Caller.of(request).uid();
        @Nullable IdempotencyKey key = IdempotencyKey.of(request);
        return carts.read(request)
                .map(cart -> new PlaceOrder(codes.next(), uid, cart, key))
                .flatMap(wish -> spans.around("place order", groupCommit.place(wish, eventLoopOf(request))))
                .map(this::answer);
    }

    /** Where the buyer's connection lives; under another server than Netty, wherever the answer comes from. */
    private static Executor eventLoopOf(ServerRequest request) {
        Object connection =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        return connection instanceof ChannelOperations<?, ?> operations
                ? operations.channel().eventLoop()
                : Runnable::run;
    }

    private ServerResponse answer(Placed placed) {
        JsonResponse answer = new JsonResponse(
                        placed.replayed() ? HttpStatus.OK : HttpStatus.CREATED, json.writeValueAsBytes(placed.order()))
                .header(HttpHeaders.LOCATION, "/orders/" + placed.order().orderCode());
        return placed.replayed() ? answer.header("Idempotency-Replayed", "true") : answer;
    }

    /** A refusal that is always the same, written once for each language. */
    private ServerResponse encoded(Unavailable refusal, Language language) {
        JsonResponse answer =
                new JsonResponse(HttpStatus.SERVICE_UNAVAILABLE, json.writeValueAsBytes(refusal.in(language)));
        language.describe(answer.headers());
        refusal.getHeaders().forEach((name, values) -> answer.header(name, values.get(0)));
        return answer.header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    }
}
