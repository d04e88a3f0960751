package io.giftorders.order.placement;

import io.giftorders.database.DatabaseFailure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** What an operator watches of the pipeline. The README lists the names. */
@Component
final class PlacementMetrics {

    private final MeterRegistry registry;
    private final Counter placed;
    private final Counter replayed;
    private final DistributionSummary batchSize;
    private final Timer queueWait;
    private final Timer commit;
    private final Timer batchTime;

    PlacementMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.placed = Counter.builder("gift.orders.placed")
                .description("Orders committed")
                .register(registry);
        this.replayed = Counter.builder("gift.orders.replayed")
                .description("Orders answered again under their idempotency key")
                .register(registry);
        this.batchSize = DistributionSummary.builder("gift.orders.batch.size")
                .description("Orders decided in one transaction")
                .serviceLevelObjectives(1, 4, 16, 64, 256, 1000)
                .register(registry);
        this.queueWait = Timer.builder("gift.orders.queue.wait")
                .description("From an order's arrival to the start of its transaction")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(20),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500))
                .register(registry);
        this.commit = Timer.builder("gift.orders.commit")
                .description("From the last statement of a batch to the answer to its COMMIT")
                .serviceLevelObjectives(
                        Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(100))
                .register(registry);
        this.batchTime = Timer.builder("gift.orders.batch.time")
                .description("How long a lane was busy with a batch, every attempt included")
                .register(registry);
        // there from the start: of a counter that appears with its first event, the event cannot be seen
        Stream.of("committed", "rolled back", "unknown").forEach(this::inDoubt);
    }

    /**
     * @param depth orders that wait now
     * @param limit how many may
     */
    void watchQueue(Supplier<Number> depth, int limit, Supplier<Number> lanes) {
        Gauge.builder("gift.orders.queue.depth", depth)
                .description("Orders waiting for their transaction to start")
                .register(registry);
        Gauge.builder("gift.orders.queue.limit", () -> limit)
                .description("Orders that may wait, GIFT_ORDERS_PLACEMENT_MAX_PENDING")
                .register(registry);
        Gauge.builder("gift.orders.lanes", lanes)
                .description("Transactions at once, at the most; where it is not set it follows the load")
                .register(registry);
    }

    void started(int orders) {
        batchSize.record(orders);
    }

    /** @param nanos since the batch left the queue */
    void finished(long nanos) {
        batchTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void waited(long nanos) {
        queueWait.record(nanos, TimeUnit.NANOSECONDS);
    }

    void committed(Duration sinceWritten) {
        commit.record(sinceWritten);
    }

    void decided(Decision decision) {
        decision.tell(
                one -> (one.replayed() ? replayed : placed).increment(),
                one -> refused(one.refusal().name()));
    }

    void refused(String reason) {
        registry.counter("gift.orders.refused", "reason", reason).increment();
    }

    /** A transaction is run again; counted by {@code stock-conflict} or {@code database-<error number>}. */
    void runAgain(Throwable why) {
        String reason = why instanceof StockConflict ? "stock-conflict" : "database-" + DatabaseFailure.code(why);
        registry.counter("gift.orders.conflicts", "reason", reason).increment();
    }

    /** @param outcome {@code committed}, {@code rolled back} or {@code unknown} */
    void commitInDoubt(String outcome) {
        inDoubt(outcome).increment();
    }

    private Counter inDoubt(String outcome) {
        return registry.counter("gift.orders.commit.in.doubt", "outcome", outcome);
    }
}
