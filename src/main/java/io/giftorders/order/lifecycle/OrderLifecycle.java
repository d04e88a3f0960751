package io.giftorders.order.lifecycle;

import io.giftorders.database.Transactions;
import io.giftorders.order.Order;
import io.giftorders.order.OrderNotFound;
import io.giftorders.order.OrderStatus;
import java.util.List;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What buyers and operators do with an order after it was placed. Each may be repeated: what is done is done once. */
@Component
class OrderLifecycle {

    private final Transactions transactions;
    private final Transitions transitions;
    private final Closing closing;
    private final LifecycleMetrics metrics;

    OrderLifecycle(
            Transactions lifecycleTransactions, Transitions transitions, Closing closing, LifecycleMetrics metrics) {
        this.transactions = lifecycleTransactions;
        this.transitions = transitions;
        this.closing = closing;
        this.metrics = metrics;
    }

    /**
     * Gives an unpaid order up. One that may be being paid closes once nobody can pay any more, which may be later.
     *
     * @return the order: closed, or closing; fails with {@link OrderNotFound}, and with {@link StatusForbids} where it is
     *     paid
     */
    Mono<Order> cancel(long uid, long orderCode) {
        return transactions
                .run(() -> ofBuyer(uid, orderCode).flatMap(this::giveUp))
                .doOnNext(this::count)
                .map(GivenUp::after)
                .flatMap(this::endPayment)
                .flatMap(order -> mustBe(order, "cancelled", OrderStatus.AWAITING_PAYMENT, OrderStatus.CLOSED));
    }

    /** An order before and after its buyer gave it up. */
    private record GivenUp(Order before, Order after) {}

    private void count(GivenUp given) {
        if (given.before().status() != given.after().status()) {
            metrics.closed("cancelled", 1);
        }
    }

    private Mono<GivenUp> giveUp(Order order) {
        if (order.status() != OrderStatus.AWAITING_PAYMENT) {
            return Mono.just(new GivenUp(order, order));
        }
        Mono<Void> change = order.payLinkAt() == null ? transitions.close(List.of(order)) : closing.giveUp(order);
        return change.then(Mono.defer(() -> transitions.lock(order.orderCode())))
                .map(after -> new GivenUp(order, after));
    }

    private Mono<Order> endPayment(Order order) {
        return order.status() == OrderStatus.AWAITING_PAYMENT
                ? closing.askNow(order)
                        .then(Mono.defer(() -> transactions.run(() -> transitions.lock(order.orderCode()))))
                : Mono.just(order);
    }

    /** A paid order leaves the house. Fails with {@link OrderNotFound} and {@link StatusForbids}. */
    Mono<Order> ship(long orderCode) {
        return transactions.run(() -> order(orderCode)
                .flatMap(order -> order.status() == OrderStatus.AWAITING_SHIPMENT
                        ? transitions.ship(orderCode).then(order(orderCode))
                        : mustBe(order, "shipped", OrderStatus.AWAITING_RECEIPT)));
    }

    /** The buyer has the goods. Fails with {@link OrderNotFound} and {@link StatusForbids}. */
    Mono<Order> receive(long uid, long orderCode) {
        return transactions.run(() -> ofBuyer(uid, orderCode)
                .flatMap(order -> order.status() == OrderStatus.AWAITING_RECEIPT
                        ? transitions.receive(List.of(orderCode)).then(order(orderCode))
                        : mustBe(order, "received", OrderStatus.COMPLETED)));
    }

    private Mono<Order> ofBuyer(long uid, long orderCode) {
        return order(orderCode)
                .filter(order -> order.uid() == uid)
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)));
    }

    private Mono<Order> order(long orderCode) {
        return Mono.defer(() -> transitions.lock(orderCode))
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)));
    }

    private static Mono<Order> mustBe(Order order, String wish, OrderStatus... allowed) {
        return List.of(allowed).contains(order.status())
                ? Mono.just(order)
                : Mono.error(() -> new StatusForbids(order, wish));
    }
}
