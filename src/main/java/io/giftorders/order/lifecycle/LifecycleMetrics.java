package io.giftorders.order.lifecycle;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** Counts what becomes of orders; the README explains each name. */
@Component
class LifecycleMetrics {

    private final MeterRegistry registry;

    LifecycleMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param cause {@code expired} or {@code cancelled} */
    void closed(String cause, int orders) {
        if (orders > 0) {
            registry.counter("gift.orders.closed", "cause", cause).increment(orders);
        }
    }
}
