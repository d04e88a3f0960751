package io.giftorders.work;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One queue and one transaction at a time. An idle lane starts at once with whatever is there; what arrives meanwhile is
 * the next batch, so that batches grow with the load by themselves.
 *
 * @param <P> what waits
 */
public final class Lane<P extends Pending> {

    private static final Logger log = LoggerFactory.getLogger(Lane.class);

    /** No batch is under way. */
    private static final long NONE = 0;

    private final Queue<P> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final int maxBatch;
    private final long deadlineNanos;
    private final Consumer<P> onClaimed;
    private final Consumer<P> onLate;
    private final Function<List<P>, Mono<Void>> commit;
    private final Pace pace;
    private volatile long batchStartedAt = NONE;

    /**
     * @param deadlineNanos how long anything may wait
     * @param onClaimed told of everything that leaves the queue by this lane
     * @param onLate told of those among them that waited too long; they are in no batch
     * @param commit works a batch off and tells those who wait; never fails
     */
    public Lane(
            int maxBatch,
            long deadlineNanos,
            Consumer<P> onClaimed,
            Consumer<P> onLate,
            Function<List<P>, Mono<Void>> commit) {
        this.maxBatch = maxBatch;
        this.deadlineNanos = deadlineNanos;
        this.onLate = onLate;
        this.onClaimed = onClaimed;
        this.commit = commit;
        this.pace = new Pace(deadlineNanos);
    }

    public void add(P entry) {
        waiting.incrementAndGet();
        queue.add(entry);
        if (busy.compareAndSet(false, true)) {
            run();
        }
    }

    public boolean isIdle() {
        return !busy.get() && queue.isEmpty();
    }

    /**
     * Whether what comes now would probably wait longer than half the deadline: as many batches are ahead of it as take so
     * long. Half, so that a lane that slows down still keeps up with what it took in. What fits in the next batch
     * is never too much.
     */
    public boolean isFull() {
        int batchesAhead = waiting.get() / maxBatch;
        return batchesAhead > 0 && (batchesAhead + 1) * nanosPerBatch() > deadlineNanos / 2;
    }

    /** A batch that takes longer than others, because the database hangs, says so before it ends. */
    private long nanosPerBatch() {
        long startedAt = batchStartedAt;
        return startedAt == NONE ? pace.nanos() : Math.max(pace.nanos(), System.nanoTime() - startedAt);
    }

    /** Refuses what has waited too long. The queue is in order of arrival, so the first young one ends it. */
    public void refuseLate() {
        for (Iterator<P> entries = queue.iterator(); entries.hasNext(); ) {
            P entry = entries.next();
            if (!isLate(entry)) {
                return;
            }
            // a batch may take it at the same moment: whoever has it out of the queue counts it
            if (queue.remove(entry)) {
                waiting.decrementAndGet();
            }
            if (entry.claim()) {
                onClaimed.accept(entry);
                onLate.accept(entry);
            }
        }
    }

    private boolean isLate(P entry) {
        return entry.waitedNanos() > deadlineNanos;
    }

    /** A batch runs on nobody's behalf but the lane's: a client that hangs up cancels nothing here. */
    private void run() {
        Mono.defer(this::runBatch)
                .onErrorResume(Lane::report)
                .repeat(this::hasMore)
                .subscribe();
    }

    private Mono<Void> runBatch() {
        long startedAt = System.nanoTime();
        batchStartedAt = startedAt;
        List<P> batch = nextBatch();
        return commit.apply(batch).doOnTerminate(() -> {
            if (!batch.isEmpty()) {
                pace.took(System.nanoTime() - startedAt);
            }
            batchStartedAt = NONE;
        });
    }

    /** A bug must not stop the lane: what is behind it is others'. */
    private static Mono<Void> report(Throwable bug) {
        log.atError().setCause(bug).log("batch failed unexpectedly");
        return Mono.empty();
    }

    private boolean hasMore() {
        if (!queue.isEmpty()) {
            return true;
        }
        busy.set(false);
        // something may have come between the two lines above and found the lane busy
        return !queue.isEmpty() && busy.compareAndSet(false, true);
    }

    private List<P> nextBatch() {
        List<P> batch = new ArrayList<>();
        P entry;
        while (batch.size() < maxBatch && (entry = queue.poll()) != null) {
            waiting.decrementAndGet();
            if (entry.claim()) {
                onClaimed.accept(entry);
                if (isLate(entry)) {
                    onLate.accept(entry);
                } else {
                    batch.add(entry);
                }
            }
        }
        return batch;
    }
}
