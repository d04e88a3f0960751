package io.giftorders.order.placement;

import io.giftorders.order.Order;
import io.giftorders.problem.Refusal;
import java.util.function.Function;

/** What becomes of a wish. It is told to the buyer only once the transaction that decided it is over. */
sealed interface Decision {

    <T> T fold(Function<Placed, T> placed, Function<Refused, T> refused);

    /** @param replayed whether the order was there already, under the same idempotency key */
    record Placed(Order order, boolean replayed) implements Decision {
        @Override
        public <T> T fold(Function<Placed, T> placed, Function<Refused, T> refused) {
            return placed.apply(this);
        }
    }

    /** The order left nothing behind. */
    record Refused(Refusal refusal) implements Decision {
        @Override
        public <T> T fold(Function<Placed, T> placed, Function<Refused, T> refused) {
            return refused.apply(this);
        }
    }
}
