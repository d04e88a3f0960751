package io.giftorders.order.placement;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One queue of orders and one transaction at a time. An idle lane starts at once with whatever is there; what arrives
 * meanwhile is the next batch, so that batches grow with the load by themselves.
 */
final class Lane {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    private final Queue<PendingOrder> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final int maxBatch;
    private final long deadlineNanos;
    private final Consumer<PendingOrder> onClaimed;
    private final Consumer<PendingOrder> onLate;
    private final Function<List<PendingOrder>, Mono<Void>> commit;

    /**
     * @param deadlineNanos how long an order may wait
     * @param onClaimed told of every order that leaves the queue by this lane
     * @param onLate told of those among them that waited too long; they are in no batch
     * @param commit places a batch and tells its buyers; never fails
     */
    Lane(
            int maxBatch,
            long deadlineNanos,
            Consumer<PendingOrder> onClaimed,
            Consumer<PendingOrder> onLate,
            Function<List<PendingOrder>, Mono<Void>> commit) {
        this.maxBatch = maxBatch;
        this.deadlineNanos = deadlineNanos;
        this.onLate = onLate;
        this.onClaimed = onClaimed;
        this.commit = commit;
    }

    void add(PendingOrder order) {
        queue.add(order);
        if (busy.compareAndSet(false, true)) {
            run();
        }
    }

    boolean isIdle() {
        return !busy.get() && queue.isEmpty();
    }

    /** Refuses what has waited too long. The queue is in order of arrival, so the first young order ends it. */
    void refuseLate() {
        for (Iterator<PendingOrder> orders = queue.iterator(); orders.hasNext(); ) {
            PendingOrder order = orders.next();
            if (!isLate(order)) {
                return;
            }
            orders.remove();
            if (order.claim()) {
                onClaimed.accept(order);
                onLate.accept(order);
            }
        }
    }

    private boolean isLate(PendingOrder order) {
        return order.waitedNanos() > deadlineNanos;
    }

    /** The pipeline runs on nobody's behalf but the lane's: a buyer who hangs up cancels nothing here. */
    private void run() {
        Mono.defer(() -> commit.apply(nextBatch()))
                .onErrorResume(Lane::report)
                .repeat(this::hasMore)
                .subscribe();
    }

    /** A bug must not stop the lane: the orders behind it are others' orders. */
    private static Mono<Void> report(Throwable bug) {
        log.atError().setCause(bug).log("batch failed unexpectedly");
        return Mono.empty();
    }

    private boolean hasMore() {
        if (!queue.isEmpty()) {
            return true;
        }
        busy.set(false);
        // an order may have come between the two lines above and found the lane busy
        return !queue.isEmpty() && busy.compareAndSet(false, true);
    }

    private List<PendingOrder> nextBatch() {
        List<PendingOrder> batch = new ArrayList<>();
        PendingOrder order;
        while (batch.size() < maxBatch && (order = queue.poll()) != null) {
            if (order.claim()) {
                onClaimed.accept(order);
                if (isLate(order)) {
                    onLate.accept(order);
                } else {
                    batch.add(order);
                }
            }
        }
        return batch;
    }
}
