package io.giftorders.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Shows what the last check of the books found; the README explains each name. */
final class AuditMetrics {

    private volatile double differences = Double.NaN;
    private volatile double checkedAt = Double.NaN;

    AuditMetrics(MeterRegistry registry) {
        Gauge.builder("gift.orders.books.differences", () -> differences)
                .description("What the last check of the books found; NaN before the first")
                .register(registry);
        Gauge.builder("gift.orders.books.checked", () -> checkedAt)
                .description("When the books were checked last, since 1970; NaN before the first time")
                .baseUnit("seconds")
                .register(registry);
    }

    void checked(Report report) {
        differences =
                report.found().values().stream().mapToLong(Long::longValue).sum();
        checkedAt = report.checkedAt().getEpochSecond();
    }
}
