package io.giftorders.order.placement;

import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.work.Pending;
import java.util.concurrent.Executor;
import reactor.core.publisher.MonoSink;

/** A wish in the queue and the buyer who waits for it. */
final class PendingOrder extends Pending {

    private final PlaceOrder wish;
    private final MonoSink<Placed> buyer;
    private final Executor home;

    /** @param home where the buyer is told: the event loop of the buyer's connection */
    PendingOrder(PlaceOrder wish, MonoSink<Placed> buyer, Executor home) {
        this.wish = wish;
        this.buyer = buyer;
        this.home = home;
    }

    PlaceOrder wish() {
        return wish;
    }

    Executor home() {
        return home;
    }

    void tell(Decision decision) {
        decision.tell(buyer::success, refused -> buyer.error(refused.refusal()));
    }

    void fail(Throwable failure) {
        buyer.error(failure);
    }
}
