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
    private final Consumer<PendingOrder> onClaimed;
    private final Function<List<PendingOrder>, Mono<Void>> commit;

    /**
     * @param onClaimed told of every order that leaves the queue by this lane
     * @param commit places a batch and tells its buyers; never fails
     */
    Lane(int maxBatch, Consumer<PendingOrder> onClaimed, Function<List<PendingOrder>, Mono<Void>> commit) {
        this.maxBatch = maxBatch;
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

    /** Claims the orders that have waited longer than this. The queue is in order of arrival, so the first young one ends it. */
    List<PendingOrder> claimOlderThan(long nanos) {
        List<PendingOrder> late = new ArrayList<>();
        for (Iterator<PendingOrder> orders = queue.iterator(); orders.hasNext(); ) {
            PendingOrder order = orders.next();
            if (order.waitedNanos() < nanos) {
                break;
            }
            if (order.claim()) {
                onClaimed.accept(order);
                late.add(order);
            }
            orders.remove();
        }
        return late;
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
                batch.add(order);
            }
        }
        return batch;
    }
}
