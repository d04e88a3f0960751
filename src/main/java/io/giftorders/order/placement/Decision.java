package io.giftorders.order.placement;

import io.giftorders.order.Order;
import io.giftorders.problem.Refusal;
import java.util.function.Consumer;

/** What becomes of a wish. It is told to the buyer only once the transaction that decided it is over. */
sealed interface Decision {

    void tell(Consumer<Placed> ifPlaced, Consumer<Refused> ifRefused);

    /** @param replayed whether the order was there already, under the same idempotency key */
    record Placed(Order order, boolean replayed) implements Decision {
        @Override
        public void tell(Consumer<Placed> ifPlaced, Consumer<Refused> ifRefused) {
            ifPlaced.accept(this);
        }
    }

    /** The order left nothing behind. */
    record Refused(Refusal refusal) implements Decision {
        @Override
        public void tell(Consumer<Placed> ifPlaced, Consumer<Refused> ifRefused) {
            ifRefused.accept(this);
        }
    }
}
