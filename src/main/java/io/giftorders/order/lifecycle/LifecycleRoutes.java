package io.giftorders.order.lifecycle;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.accepted;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.database.Shield;
import io.giftorders.identity.Caller;
import io.giftorders.identity.Identity;
import io.giftorders.json.Paging;
import io.giftorders.order.Order;
import io.giftorders.order.OrderStatus;
import io.giftorders.problem.Refusal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class LifecycleRoutes {

    private final OrderLifecycle lifecycle;
    private final Identity identity;

    LifecycleRoutes(OrderLifecycle lifecycle, Identity identity) {
        this.lifecycle = lifecycle;
        this.identity = identity;
    }

    @Bean
    RouterFunction<ServerResponse> lifecycleApi() {
        return route().add(buyerApi())
                .add(operatorApi())
                .filter(Refusal::answered)
                .build();
    }

    private RouterFunction<ServerResponse> buyerApi() {
        return route().POST("/orders/{order_code}/cancel", this::cancel)
                .POST("/orders/{order_code}/receive", this::receive)
                .filter(identity::buyers)
                .build();
    }

    private RouterFunction<ServerResponse> operatorApi() {
        return route().POST("/orders/{order_code}/ship", this::ship)
                .filter(identity::operators)
                .build();
    }

    private Mono<ServerResponse> cancel(ServerRequest request) {
        return lifecycle
                .cancel(Caller.of(request).uid(), Paging.id(request, "order_code"))
                .as(Shield::around)
                .flatMap(order -> (order.status() == OrderStatus.CLOSED ? ok() : accepted()).bodyValue(order));
    }

    private Mono<ServerResponse> receive(ServerRequest request) {
        return answer(lifecycle.receive(Caller.of(request).uid(), Paging.id(request, "order_code")));
    }

    private Mono<ServerResponse> ship(ServerRequest request) {
        return answer(lifecycle.ship(Paging.id(request, "order_code")));
    }

    /** Each may be repeated, so a database that went away is nothing more than a reason to. */
    private static Mono<ServerResponse> answer(Mono<Order> changed) {
        return changed.as(Shield::around).flatMap(order -> ok().bodyValue(order));
    }
}
