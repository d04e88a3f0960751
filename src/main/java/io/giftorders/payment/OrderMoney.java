package io.giftorders.payment;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.giftorders.order.Order;
import io.giftorders.order.OrderStatus;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * What came in for an order and what went out.
 *
 * @param payments oldest first
 * @param refunds oldest first
 */
record OrderMoney(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long orderCode,
        OrderStatus status,
        List<Payment> payments,
        List<Refund> refunds) {

    static Mono<OrderMoney> read(Order order, PaymentBooks payments, RefundBooks refunds) {
        return payments.ofOrders(List.of(order.orderCode()))
                .zipWhen(paid -> refunds.ofOrder(order.orderCode()))
                .map(read -> new OrderMoney(order.orderCode(), order.status(), read.getT1(), read.getT2()));
    }
}
