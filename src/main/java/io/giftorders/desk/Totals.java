package io.giftorders.desk;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.Search;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the meters say at one moment. What happened between two moments is the difference.
 *
 * @param nanoTime the moment, by the clock that nobody sets
 */
record Totals(
        long nanoTime,
        Instant at,
        double placed,
        double replayed,
        Map<String, Double> refused,
        double conflicts,
        Sum batches,
        Sum waits,
        Sum answers,
        double slowestMillis,
        long queue,
        long watchers,
        long connections) {

    /** Names of refusals that are told one by one. Chosen: what a chart can show. */
    private static final int MOST_FREQUENT = 5;

    /** How often, and how much in all. */
    record Sum(long count, double total) {

        /** The average since an earlier moment, or null where nothing happened since. */
        @Nullable
        Double averageSince(Sum earlier) {
            long more = count - earlier.count;
            return more <= 0 ? null : rounded((total - earlier.total) / more);
        }
    }

    static Totals read(MeterRegistry meters) {
        @Nullable
        DistributionSummary batches = meters.find("gift.orders.batch.size").summary();
        Search answered = meters.find("http.server.requests").tags("uri", "/orders", "method", "POST", "status", "201");
        return new Totals(
                System.nanoTime(),
                Instant.now(),
                count(meters, "gift.orders.placed"),
                count(meters, "gift.orders.replayed"),
                meters.find("gift.orders.refused").counters().stream()
                        .collect(Collectors.toMap(
                                one -> Objects.requireNonNullElse(one.getId().getTag("reason"), ""),
                                Counter::count,
                                Double::sum)),
                count(meters, "gift.orders.conflicts"),
                batches == null ? new Sum(0, 0) : new Sum(batches.count(), batches.totalAmount()),
                sum(meters.find("gift.orders.queue.wait")),
                sum(answered),
                answered.timers().stream()
                        .mapToDouble(timer -> timer.max(TimeUnit.MILLISECONDS))
                        .max()
                        .orElse(0),
                gauge(meters, "gift.orders.queue.depth"),
                gauge(meters, "gift.orders.live.watchers"),
                gauge(meters, "r2dbc.pool.acquired"));
    }

    Figures since(Totals earlier) {
        double seconds = Math.max(0.001, (nanoTime - earlier.nanoTime) / 1e9);
        Map<String, Double> rates = refused.entrySet().stream()
                .map(one -> Map.entry(
                        one.getKey(),
                        rounded((one.getValue() - earlier.refused.getOrDefault(one.getKey(), 0.0)) / seconds)))
                .filter(one -> one.getValue() > 0)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Double::sum, LinkedHashMap::new));
        Map<String, Double> most = new LinkedHashMap<>();
        rates.entrySet().stream().limit(MOST_FREQUENT).forEach(one -> most.put(one.getKey(), one.getValue()));
        return new Figures(
                at,
                rounded((placed - earlier.placed) / seconds),
                rounded((replayed - earlier.replayed) / seconds),
                most,
                rounded(rates.values().stream().mapToDouble(Double::doubleValue).sum()),
                rounded((conflicts - earlier.conflicts) / seconds),
                batches.averageSince(earlier.batches),
                queue,
                waits.averageSince(earlier.waits),
                answers.averageSince(earlier.answers),
                slowestMillis == 0 ? null : rounded(slowestMillis),
                watchers,
                connections);
    }

    private static double count(MeterRegistry meters, String name) {
        return meters.find(name).counters().stream().mapToDouble(Counter::count).sum();
    }

    private static long gauge(MeterRegistry meters, String name) {
        return Math.round(meters.find(name).gauges().stream()
                .mapToDouble(Gauge::value)
                .filter(Double::isFinite)
                .sum());
    }

    private static Sum sum(Search timers) {
        long count = 0;
        double millis = 0;
        for (Timer timer : timers.timers()) {
            count += timer.count();
            millis += timer.totalTime(TimeUnit.MILLISECONDS);
        }
        return new Sum(count, millis);
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
