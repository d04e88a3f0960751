package io.giftorders.work;

import java.util.concurrent.atomic.AtomicBoolean;

/** Something in a {@link Lane}'s queue. Whoever claims it first decides what becomes of it. */
public abstract class Pending {

    private final long arrivedAt = System.nanoTime();
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** Takes it out of the queue: for a batch, for its deadline, or because nobody waits for it. True once only. */
    public final boolean claim() {
        return !claimed.get() && claimed.compareAndSet(false, true);
    }

    public final long waitedNanos() {
        return System.nanoTime() - arrivedAt;
    }
}
