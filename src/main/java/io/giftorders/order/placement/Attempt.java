package io.giftorders.order.placement;

import io.giftorders.database.DatabaseFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** How far one transaction got, which decides what its failure means. */
final class Attempt {

    private enum Progress {
        WRITING,
        /** Everything is written: COMMIT may be on its way. */
        WRITTEN,
        /** It failed or stalled before that: it never sends COMMIT. */
        ABANDONED
    }

    private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.WRITING);
    private List<Decision> decisions = List.of();
    private List<Sale> sales = List.of();
    private long writtenAt;

    /** Call this last before COMMIT. False where the attempt was given up meanwhile and must roll back. */
    boolean written(List<Decision> all, List<Sale> placed) {
        decisions = all;
        sales = List.copyOf(placed);
        writtenAt = System.nanoTime();
        return progress.compareAndSet(Progress.WRITING, Progress.WRITTEN);
    }

    /**
     * Ends the attempt.
     *
     * @return whether its orders may be in the database all the same. A conflict that COMMIT itself reports is an answer:
     *     the server rolled back.
     */
    boolean mayHaveCommitted(Throwable failure) {
        boolean neverSent = progress.compareAndSet(Progress.WRITING, Progress.ABANDONED);
        return !neverSent && !sales.isEmpty() && DatabaseFailure.of(failure) != DatabaseFailure.CONFLICT;
    }

    List<Decision> decisions() {
        return decisions;
    }

    List<Sale> sales() {
        return sales;
    }

    Duration sinceWritten() {
        return Duration.ofNanos(System.nanoTime() - writtenAt);
    }
}
