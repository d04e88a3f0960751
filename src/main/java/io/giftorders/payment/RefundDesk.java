package io.giftorders.payment;

import io.giftorders.order.Cart;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.Order;
import io.giftorders.order.OrderNotFound;
import io.giftorders.order.OrderStatus;
import io.giftorders.order.lifecycle.StatusForbids;
import io.giftorders.order.lifecycle.Transitions;
import io.giftorders.payment.Refund.Cause;
import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Pays back what an operator says: an order as a whole, or some of its pieces. */
@Component
class RefundDesk {

    private final Transitions transitions;
    private final PaymentBooks payments;
    private final RefundBooks refunds;

    RefundDesk(Transitions transitions, PaymentBooks payments, RefundBooks refunds) {
        this.transitions = transitions;
        this.payments = payments;
        this.refunds = refunds;
    }

    /**
     * Writes a refund, to be sent by {@link RefundSending}.
     *
     * @param cart the pieces, or null: all that are not paid back yet, which may be repeated without a key
     * @return the order's money; fails with {@link OrderNotFound}, {@link StatusForbids}, {@link MoreThanLeft} and
     *     {@link KeyReused}
     */
    Mono<OrderMoney> refund(long orderCode, @Nullable Cart cart, @Nullable IdempotencyKey key) {
        return transitions.run(() -> order(orderCode)
                .delayUntil(order -> written(order, cart, key)
                        .switchIfEmpty(Mono.defer(() -> write(order, cart, key).thenReturn(true))))
                .then(Mono.defer(() -> transitions.lock(orderCode)))
                .flatMap(order -> OrderMoney.read(order, payments, refunds)));
    }

    private Mono<Order> order(long orderCode) {
        return Mono.defer(() -> transitions.lock(orderCode))
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)));
    }

    /** Whether the same refund was written before, under this key or as a whole. Empty where it was not. */
    private Mono<Boolean> written(Order order, @Nullable Cart cart, @Nullable IdempotencyKey key) {
        Mono<Boolean> asAWhole =
                cart == null && order.status() == OrderStatus.REFUNDED ? Mono.just(true) : Mono.empty();
        return key == null
                ? asAWhole
                : refunds.underKey(order.orderCode(), key.text())
                        .flatMap(earlier -> Objects.equals(earlier.items(), text(cart))
                                ? Mono.just(true)
                                : Mono.error(KeyReused::new))
                        .switchIfEmpty(asAWhole);
    }

    private Mono<Void> write(Order order, @Nullable Cart cart, @Nullable IdempotencyKey key) {
        boolean paid =
                switch (order.status()) {
                    case AWAITING_SHIPMENT, AWAITING_RECEIPT, COMPLETED -> true;
                    case AWAITING_PAYMENT, CLOSED, REFUNDED -> false;
                };
        if (!paid) {
            return Mono.error(() -> new StatusForbids(order, Detail.of("order-status.refunded")));
        }
        Map<Long, Integer> left = Transitions.refundable(order);
        if (cart == null) {
            return write(order, left, null, key);
        }
        Cart.Line tooMuch = tooMuch(cart, left);
        return tooMuch == null
                ? write(
                        order,
                        cart.lines().stream().collect(Collectors.toMap(Cart.Line::giftId, Cart.Line::count)),
                        cart,
                        key)
                : Mono.error(() -> new MoreThanLeft(tooMuch, left));
    }

    private Mono<Void> write(
            Order order, Map<Long, Integer> pieces, @Nullable Cart cart, @Nullable IdempotencyKey key) {
        return transitions.refund(order, pieces).flatMap(amount -> refunds.ofOrder(order.orderCode())
                .flatMap(before -> payer(order, before)
                        .flatMap(payment -> refunds.write(
                                number(order, before),
                                payment,
                                amount,
                                Cause.OPERATOR,
                                text(cart),
                                key == null ? null : key.text()))));
    }

    private static Cart.@Nullable Line tooMuch(Cart cart, Map<Long, Integer> left) {
        return cart.lines().stream()
                .filter(line -> line.count() > left.getOrDefault(line.giftId(), 0))
                .findFirst()
                .orElse(null);
    }

    /** The trade that the order lives on: the one that was not paid back as late or double. */
    private Mono<Payment> payer(Order order, List<Refund> before) {
        Set<String> paidBack = before.stream()
                .filter(refund -> refund.cause() != Cause.OPERATOR)
                .map(Refund::tradeNo)
                .collect(Collectors.toSet());
        return payments.ofOrders(List.of(order.orderCode())).map(paid -> paid.stream()
                .filter(payment -> !paidBack.contains(payment.tradeNo()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("paid order without a payment")));
    }

    /** Counted under the order's lock: the next one, for ever the same. */
    private static String number(Order order, List<Refund> before) {
        return order.orderCode() + "_" + (before.size() + 1);
    }

    private static @Nullable String text(@Nullable Cart cart) {
        return cart == null
                ? null
                : cart.lines().stream()
                        .map(line -> line.giftId() + ":" + line.count())
                        .collect(Collectors.joining(","));
    }

    /** 409: more pieces than the order has that are not paid back yet. */
    static final class MoreThanLeft extends Refusal {
        MoreThanLeft(Cart.Line line, Map<Long, Integer> left) {
            super(
                    HttpStatus.CONFLICT,
                    "refund-too-large",
                    Detail.of("refund-too-large", line.giftId(), left.getOrDefault(line.giftId(), 0)));
            fact("goods_id", line.giftId());
            fact("requested", line.count());
            fact("refundable", left.getOrDefault(line.giftId(), 0));
        }
    }

    /** 422: the key already names another refund. */
    static final class KeyReused extends Refusal {
        KeyReused() {
            super(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "idempotency-key-reused",
                    Detail.of("idempotency-key-reused.refund", IdempotencyKey.HEADER));
            fact("field", IdempotencyKey.HEADER);
        }
    }
}
