package io.giftorders.dev;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.order.Order;
import io.giftorders.order.OrderNotFound;
import io.giftorders.order.Orders;
import io.giftorders.problem.Refusal;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code GET /dev/orders/{order_code}}: where a buyer comes back to from the local Alipay. It shows whoever asks where an
 * order stands, so it is for development; it lives among the tests and is in no jar.
 */
@TestConfiguration(proxyBeanMethods = false)
public class OrderPage {

    /** For {@code gift-orders.payment.order-page}. */
    public static final String PATH = "/dev/orders/{order_code}";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="2">
            <title>Order %1$s</title>
            <style>
            body { font: 1.1rem/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 34rem; padding: 0 1rem }
            h1 { font-size: 1.5rem; overflow-wrap: anywhere }
            </style>
            <h1>Order %1$s</h1>
            <p>It comes to <b>¥%2$s</b> and is <b id="status">%3$s</b>.</p>
            <p>This page looks again every two seconds.</p>
            </html>
            """;

    private final Orders orders;

    OrderPage(Orders orders) {
        this.orders = orders;
    }

    @Bean
    RouterFunction<ServerResponse> orderPageApi() {
        return route().GET("/dev/orders/{order_code:[0-9]{1,18}}", this::show)
                .filter(Refusal::answered)
                .build();
    }

    private Mono<ServerResponse> show(ServerRequest request) {
        long orderCode = Long.parseLong(request.pathVariable("order_code"));
        return orders.withCode(orderCode)
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)))
                .flatMap(order -> ok().contentType(MediaType.TEXT_HTML)
                        .bodyValue(PAGE.formatted(order.orderCode(), order.totalAmount(), text(order))));
    }

    private static String text(Order order) {
        return switch (order.status()) {
            case AWAITING_PAYMENT -> order.closingAt() == null ? "awaiting payment" : "closing";
            case AWAITING_SHIPMENT -> "paid, awaiting shipment";
            case AWAITING_RECEIPT -> "shipped, awaiting receipt";
            case COMPLETED -> "completed";
            case CLOSED -> "closed";
            case REFUNDED -> "refunded";
        };
    }
}
