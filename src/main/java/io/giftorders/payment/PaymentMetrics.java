package io.giftorders.payment;

import io.giftorders.payment.Discrepancies.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Counts what becomes of payments; the README explains each name. */
@Component
class PaymentMetrics {

    private final MeterRegistry registry;

    PaymentMetrics(MeterRegistry registry) {
        this.registry = registry;
        // there from the start: of a counter that appears with its first event, the event cannot be seen
        Stream.of(Settlement.Outcome.values()).forEach(this::settlements);
        Stream.of(Refund.Cause.values()).forEach(this::refundsConfirmed);
        Stream.of(Kind.values()).forEach(this::discrepancies);
    }

    void settled(Settlement.Outcome outcome) {
        settlements(outcome).increment();
    }

    private Counter settlements(Settlement.Outcome outcome) {
        return registry.counter("gift.orders.settled", "outcome", outcome.name().toLowerCase(Locale.ROOT));
    }

    /** @param answer {@code success}, or why not */
    void notified(String answer) {
        registry.counter("gift.orders.notifies", "answer", answer).increment();
    }

    void refundConfirmed(Refund.Cause cause) {
        refundsConfirmed(cause).increment();
    }

    private Counter refundsConfirmed(Refund.Cause cause) {
        return registry.counter("gift.orders.refunds.confirmed", "cause", cause.text());
    }

    /** Seen for the first time. */
    void disagreed(Kind kind) {
        discrepancies(kind).increment();
    }

    private Counter discrepancies(Kind kind) {
        return registry.counter("gift.orders.discrepancies", "kind", kind.toString());
    }

    /**
     * @param open refunds that Alipay has not confirmed
     * @param seconds age of the oldest of them
     */
    void watchRefunds(Supplier<Number> open, Supplier<Number> seconds) {
        Gauge.builder("gift.orders.refunds.open", open)
                .description("Refunds that Alipay has not confirmed")
                .register(registry);
        Gauge.builder("gift.orders.refunds.open.age", seconds)
                .description("Age of the oldest refund that Alipay has not confirmed")
                .baseUnit("seconds")
                .register(registry);
    }
}
