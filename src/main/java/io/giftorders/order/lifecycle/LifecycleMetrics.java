package io.giftorders.order.lifecycle;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts what becomes of orders; the README explains each name. */
@Component
class LifecycleMetrics {

    private final MeterRegistry registry;

    LifecycleMetrics(MeterRegistry registry) {
        this.registry = registry;
        // there from the start: of a counter that appears with its first event, the event cannot be seen
        Stream.of("expired", "cancelled").forEach(this::closings);
    }

    /** @param cause {@code expired} or {@code cancelled} */
    void closed(String cause, int orders) {
        if (orders > 0) {
            closings(cause).increment(orders);
        }
    }

    private Counter closings(String cause) {
        return registry.counter("gift.orders.closed", "cause", cause);
    }

    /**
     * @param work {@code finish} or {@code ask}
     * @param seconds for how long the order that is due longest has been so
     */
    void watchDue(String work, Supplier<Number> seconds) {
        Gauge.builder("gift.orders.due.age", seconds)
                .description("For how long the order that is due longest has been so")
                .tag("work", work)
                .baseUnit("seconds")
                .register(registry);
    }
}
