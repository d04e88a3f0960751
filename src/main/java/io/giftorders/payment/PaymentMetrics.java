package io.giftorders.payment;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Counts what becomes of payments; the README explains each name. */
@Component
class PaymentMetrics {

    private final MeterRegistry registry;

    PaymentMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    void settled(Settlement.Outcome outcome) {
        registry.counter("gift.orders.settled", "outcome", outcome.name().toLowerCase(Locale.ROOT))
                .increment();
    }

    /** @param answer {@code success}, or why not */
    void notified(String answer) {
        registry.counter("gift.orders.notifies", "answer", answer).increment();
    }

    void refundConfirmed(Refund.Cause cause) {
        registry.counter("gift.orders.refunds.confirmed", "cause", cause.text()).increment();
    }
}
