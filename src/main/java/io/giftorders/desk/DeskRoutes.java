package io.giftorders.desk;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.database.Shield;
import io.giftorders.identity.Caller;
import io.giftorders.identity.Identity;
import io.giftorders.problem.Refusal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class DeskRoutes {

    private final OrderFinder orders;
    private final PaymentList payments;
    private final FigureFeed figures;
    private final Identity identity;

    DeskRoutes(OrderFinder orders, PaymentList payments, FigureFeed figures, Identity identity) {
        this.orders = orders;
        this.payments = payments;
        this.figures = figures;
        this.identity = identity;
    }

    @Bean
    RouterFunction<ServerResponse> deskApi() {
        return route().GET("/desk/orders", this::orders)
                .GET("/desk/payments", this::payments)
                .GET("/desk/events", this::events)
                .filter(Refusal::answered)
                .filter(identity::operators)
                .build();
    }

    private Mono<ServerResponse> orders(ServerRequest request) {
        return orders.find(OrderSearch.of(request)).as(Shield::around).flatMap(page -> ok().bodyValue(page));
    }

    private Mono<ServerResponse> payments(ServerRequest request) {
        return payments.page(PaymentSearch.of(request)).as(Shield::around).flatMap(page -> ok().bodyValue(page));
    }

    private Mono<ServerResponse> events(ServerRequest request) {
        return figures.watch(Caller.of(request).expiresAt());
    }
}
