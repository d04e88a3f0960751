package io.giftorders.order.placement;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.created;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.identity.Caller;
import io.giftorders.identity.Identity;
import io.giftorders.order.CartReader;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.OrderCodes;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.problem.Refusal;
import java.net.URI;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;

@Configuration(proxyBeanMethods = false)
class PlacementRoutes {

    private final CartReader carts;
    private final OrderCodes codes;
    private final GroupCommit groupCommit;
    private final Identity identity;

    PlacementRoutes(CartReader carts, OrderCodes codes, GroupCommit groupCommit, Identity identity) {
        this.carts = carts;
        this.codes = codes;
        this.groupCommit = groupCommit;
        this.identity = identity;
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
        long uid = Caller.of(request).uid();
        @Nullable IdempotencyKey key = IdempotencyKey.of(request);
        return carts.read(request)
                .map(cart -> new PlaceOrder(codes.next(), uid, cart, key))
                .flatMap(wish -> groupCommit.place(wish, eventLoopOf(request)))
                .flatMap(PlacementRoutes::answer);
    }

    /** Where the buyer's connection lives; under another server than Netty, wherever the answer comes from. */
    private static Executor eventLoopOf(ServerRequest request) {
        Object connection =
                ServerHttpRequestDecorator.getNativeRequest(request.exchange().getRequest());
        return connection instanceof ChannelOperations<?, ?> operations
                ? operations.channel().eventLoop()
                : Runnable::run;
    }

    private static Mono<ServerResponse> answer(Placed placed) {
        URI location = URI.create("/orders/" + placed.order().orderCode());
        return placed.replayed()
                ? ok().location(location).header("Idempotency-Replayed", "true").bodyValue(placed.order())
                : created(location).bodyValue(placed.order());
    }
}
