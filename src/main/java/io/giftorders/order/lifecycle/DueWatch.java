package io.giftorders.order.lifecycle;

import static io.giftorders.database.Columns.required;

import io.giftorders.database.Transactions;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Looks how far behind the work is that orders cause by themselves. An order that an instance is at work on is due later,
 * so what shows here nobody has taken up.
 */
@Component
class DueWatch {

    /** Chosen: as often as a metric is usually read; each look reads two rows. */
    static final Duration EVERY = Duration.ofSeconds(10);

    /** The first entry of the index that the work itself goes by. */
    private static final String LONGEST_DUE = """
            SELECT TIMESTAMPDIFF(MICROSECOND, due_at, UTC_TIMESTAMP(6)) AS micros FROM orders
             WHERE ask_first = :askFirst AND due_at <= UTC_TIMESTAMP(6)
             ORDER BY due_at LIMIT 1
            """;

    private static final double MICROS = 1_000_000;

    private final Transactions transactions;

    /** In seconds; not a number before the first look, and while the database does not answer. */
    private volatile double finish = Double.NaN;

    private volatile double ask = Double.NaN;

    DueWatch(Transactions lifecycleTransactions, LifecycleMetrics metrics) {
        this.transactions = lifecycleTransactions;
        metrics.watchDue("finish", () -> finish);
        metrics.watchDue("ask", () -> ask);
    }

    /** Always says that there is no more to do. */
    Mono<Boolean> look() {
        return longestDue(0)
                .doOnNext(seconds -> finish = seconds)
                .then(Mono.defer(() -> longestDue(1)))
                .doOnNext(seconds -> ask = seconds)
                .doOnError(unknown -> {
                    finish = Double.NaN;
                    ask = Double.NaN;
                })
                .thenReturn(false);
    }

    private Mono<Double> longestDue(int askFirst) {
        return transactions.run(() -> transactions
                .database()
                .sql(LONGEST_DUE)
                .bind("askFirst", askFirst)
                .map(row -> required(row, "micros", Long.class) / MICROS)
                .one()
                .defaultIfEmpty(0.0));
    }
}
