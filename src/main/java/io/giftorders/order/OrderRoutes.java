package io.giftorders.order;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.identity.Caller;
import io.giftorders.identity.Identity;
import io.giftorders.json.Paging;
import io.giftorders.problem.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class OrderRoutes {

    private final Orders orders;
    private final OrderFeed feed;
    private final Identity identity;

    OrderRoutes(Orders orders, OrderFeed feed, Identity identity) {
        this.orders = orders;
        this.feed = feed;
        this.identity = identity;
    }

    @Bean
    RouterFunction<ServerResponse> orderApi() {
        return route().GET("/orders", this::list)
                .GET("/orders/{order_code}", this::show)
                .GET("/orders/{order_code}/events", this::watch)
                .filter(Refusal::answered)
                .filter(identity::buyers)
                .build();
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        long before = Paging.cursor(request, "before", Long.MAX_VALUE);
        int limit = Paging.limit(request);
        return orders.page(Caller.of(request).uid(), before, limit)
                .flatMap(page -> ok().bodyValue(OrderPage.of(page, limit)));
    }

    private Mono<ServerResponse> show(ServerRequest request) {
        long orderCode = Paging.id(request, "order_code");
        return orders.find(Caller.of(request).uid(), orderCode)
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)))
                .flatMap(order -> ok().bodyValue(order));
    }

    private Mono<ServerResponse> watch(ServerRequest request) {
        return feed.watch(Caller.of(request), Paging.id(request, "order_code"));
    }

    /** @param next where the older orders are, or null at the end */
    private record OrderPage(List<Order> orders, @Nullable String next) {

        static OrderPage of(List<Order> orders, int limit) {
            boolean more = orders.size() == limit;
            return new OrderPage(
                    orders, more ? "/orders?before=" + orders.get(limit - 1).orderCode() + "&limit=" + limit : null);
        }
    }
}
