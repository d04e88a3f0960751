package io.giftorders.order.placement;

import io.giftorders.order.placement.Decision.Placed;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.MonoSink;

/** A wish in the queue and the buyer who waits for it. Whoever claims it first decides what becomes of it. */
final class PendingOrder {

    private final PlaceOrder wish;
    private final MonoSink<Placed> buyer;
    private final Executor home;
    private final long arrivedAt = System.nanoTime();
    private final AtomicBoolean claimed = new AtomicBoolean();

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

    /** Takes it out of the queue: for a batch, for its deadline, or because the buyer hung up. True once only. */
    boolean claim() {
        return !claimed.get() && claimed.compareAndSet(false, true);
    }

    long waitedNanos() {
        return System.nanoTime() - arrivedAt;
    }

    void tell(Decision decision) {
        decision.tell(buyer::success, refused -> buyer.error(refused.refusal()));
    }

    void fail(Throwable failure) {
        buyer.error(failure);
    }
}
