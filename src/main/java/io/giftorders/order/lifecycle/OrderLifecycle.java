package io.giftorders.order.lifecycle;

import io.giftorders.database.Shield;
import io.giftorders.order.Order;
import io.giftorders.order.OrderNotFound;
import io.giftorders.order.OrderStatus;
import io.giftorders.problem.Detail;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What buyers and operators do with an order after it was placed. Each may be repeated: what is done is done once. */
@Component
class OrderLifecycle {

    /** Chosen: a question and two answers take a tenth of it. */
    private static final Duration BUYERS_PATIENCE = Duration.ofSeconds(3);

    private final Transitions transitions;
    private final Closing closing;
    private final LifecycleMetrics metrics;

    OrderLifecycle(@Qualifier("buyerTransitions") Transitions transitions, Closing closing, LifecycleMetrics metrics) {
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
        return transitions
                .run(() -> ofBuyer(uid, orderCode).flatMap(this::giveUp))
                .doOnNext(this::count)
                .flatMap(this::endPayment)
                .flatMap(order -> mustBe(
                        order, Detail.of("order-status.cancelled"), OrderStatus.AWAITING_PAYMENT, OrderStatus.CLOSED));
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
        Mono<Void> change = order.payLinkAt() == null ? transitions.close(List.of(order)) : transitions.giveUp(order);
        return change.then(Mono.defer(() -> transitions.lock(order.orderCode())))
                .map(after -> new GivenUp(order, after));
    }

    /**
     * The first time it is given up, Alipay is asked; the buyer waits for that a moment. Again, it is on its way: a buyer who
     * repeats it asks Alipay no more often.
     */
    private Mono<Order> endPayment(GivenUp given) {
        boolean begun = given.after().status() == OrderStatus.AWAITING_PAYMENT
                && given.before().closingAt() == null;
        return begun
                ? closing.askNow(given.after())
                        .as(Shield::uncancelled)
                        .timeout(BUYERS_PATIENCE, Mono.empty())
                        .then(Mono.defer(() -> transitions.run(
                                () -> transitions.lock(given.after().orderCode()))))
                : Mono.just(given.after());
    }

    /** A paid order leaves the house. Fails with {@link OrderNotFound} and {@link StatusForbids}. */
    Mono<Order> ship(long orderCode) {
        return transitions.run(() -> order(orderCode)
                .flatMap(order -> order.status() == OrderStatus.AWAITING_SHIPMENT
                        ? transitions.ship(orderCode).then(order(orderCode))
                        : mustBe(order, Detail.of("order-status.shipped"), OrderStatus.AWAITING_RECEIPT)));
    }

    /** The buyer has the goods. Fails with {@link OrderNotFound} and {@link StatusForbids}. */
    Mono<Order> receive(long uid, long orderCode) {
        return transitions.run(() -> ofBuyer(uid, orderCode)
                .flatMap(order -> order.status() == OrderStatus.AWAITING_RECEIPT
                        ? transitions.receive(List.of(orderCode)).then(order(orderCode))
                        : mustBe(order, Detail.of("order-status.received"), OrderStatus.COMPLETED)));
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

    private static Mono<Order> mustBe(Order order, Detail wish, OrderStatus... allowed) {
        return List.of(allowed).contains(order.status())
                ? Mono.just(order)
                : Mono.error(() -> new StatusForbids(order, wish));
    }
}
