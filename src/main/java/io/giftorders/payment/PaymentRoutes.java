package io.giftorders.payment;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.accepted;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;
import static org.springframework.web.reactive.function.server.ServerResponse.seeOther;

import io.giftorders.database.Shield;
import io.giftorders.identity.Caller;
import io.giftorders.identity.Identity;
import io.giftorders.json.Paging;
import io.giftorders.order.CartReader;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.OrderNotFound;
import io.giftorders.order.Orders;
import io.giftorders.payment.Discrepancies.Discrepancy;
import io.giftorders.payment.PayLinks.PayLink;
import io.giftorders.problem.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class PaymentRoutes {

    private final PayLinks payLinks;
    private final RefundDesk refundDesk;
    private final Discrepancies discrepancies;
    private final Orders orders;
    private final PaymentBooks payments;
    private final RefundBooks refunds;
    private final CartReader carts;
    private final Identity identity;

    PaymentRoutes(
            PayLinks payLinks,
            RefundDesk refundDesk,
            Discrepancies discrepancies,
            Orders orders,
            DatabaseClient database,
            CartReader carts,
            Identity identity) {
        this.payLinks = payLinks;
        this.refundDesk = refundDesk;
        this.discrepancies = discrepancies;
        this.orders = orders;
        // on the connections for readers: whoever looks holds up no payment
        this.payments = new PaymentBooks(database);
        this.refunds = new RefundBooks(database);
        this.carts = carts;
        this.identity = identity;
    }

    @Bean
    RouterFunction<ServerResponse> paymentApi() {
        return route().add(buyerApi())
                .add(operatorApi())
                .filter(Refusal::answered)
                .build();
    }

    private RouterFunction<ServerResponse> buyerApi() {
        return route().POST("/orders/{order_code}/pay", this::pay)
                .GET("/orders/{order_code}/payments", this::show)
                .filter(identity::buyers)
                .build();
    }

    private RouterFunction<ServerResponse> operatorApi() {
        return route().POST("/orders/{order_code}/refund", this::refund)
                .GET("/payments/discrepancies", this::list)
                .filter(identity::operators)
                .build();
    }

    private Mono<ServerResponse> pay(ServerRequest request) {
        return payLinks.link(Caller.of(request).uid(), Paging.id(request, "order_code"))
                .as(Shield::around)
                .flatMap(
                        link -> wantsPage(request) ? seeOther(link.url()).build() : ok().bodyValue(PayAnswer.of(link)));
    }

    private Mono<ServerResponse> show(ServerRequest request) {
        Caller caller = Caller.of(request);
        long orderCode = Paging.id(request, "order_code");
        return orders.withCode(orderCode)
                .filter(order -> order.uid() == caller.uid() || caller.operator())
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)))
                .flatMap(order -> OrderMoney.read(order, payments, refunds))
                .as(Shield::around)
                .flatMap(money -> ok().bodyValue(money));
    }

    private Mono<ServerResponse> refund(ServerRequest request) {
        long orderCode = Paging.id(request, "order_code");
        @Nullable IdempotencyKey key = IdempotencyKey.of(request);
        return carts.readIfAny(request)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(cart -> refundDesk.refund(orderCode, cart.orElse(null), key))
                .as(Shield::aroundChange)
                .flatMap(money -> accepted().bodyValue(money));
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        long before = Paging.cursor(request, "before", Long.MAX_VALUE);
        int limit = Paging.limit(request);
        return discrepancies.page(before, limit).as(Shield::around).flatMap(page -> ok().bodyValue(
                        DiscrepancyPage.of(page, limit)));
    }

    /** A form in a browser is sent on; a program reads where to. The first type that is either decides. */
    private static boolean wantsPage(ServerRequest request) {
        return acceptedTypes(request).stream()
                .filter(type -> type.isPresentIn(List.of(MediaType.TEXT_HTML, MediaType.APPLICATION_JSON)))
                .findFirst()
                .filter(type -> type.equalsTypeAndSubtype(MediaType.TEXT_HTML))
                .isPresent();
    }

    private static List<MediaType> acceptedTypes(ServerRequest request) {
        try {
            return request.headers().accept();
        } catch (InvalidMediaTypeException noType) {
            return List.of();
        }
    }

    private record PayAnswer(String payUrl, Instant expiresAt) {

        static PayAnswer of(PayLink link) {
            return new PayAnswer(link.url().toString(), link.order().expiresAt());
        }
    }

    /** @param next where the older ones are, or null at the end */
    private record DiscrepancyPage(
            List<Discrepancy> discrepancies, @Nullable String next) {

        static DiscrepancyPage of(List<Discrepancy> page, int limit) {
            boolean more = page.size() == limit;
            return new DiscrepancyPage(
                    page,
                    more
                            ? "/payments/discrepancies?before="
                                    + page.get(limit - 1).id() + "&limit=" + limit
                            : null);
        }
    }
}
