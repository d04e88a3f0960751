package io.giftorders.order.lifecycle;

import io.giftorders.order.Order;
import reactor.core.publisher.Mono;

/** What payment must do before an order may close. Payment knows orders, not the other way round: it implements this. */
public interface Payments {

    /** What is known of an order's payment. */
    enum State {
        /** Somebody paid, and the order is settled. */
        PAID,
        /** Nobody paid, and nobody can any more. */
        UNPAID,
        /** Nobody has begun to pay, but somebody may until the order expires. */
        UNTOUCHED,
        /** It may still be paid, or nobody can tell. */
        OPEN
    }

    /** Looks whether somebody paid an order without our hearing of it, and settles it if so. */
    Mono<State> check(Order order);

    /** Sees to it that nobody can pay for the order any more; settles it if somebody already has. */
    Mono<State> end(Order order);
}
