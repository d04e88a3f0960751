package io.giftorders.order.placement;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.database.Shield;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Finds out whether a transaction committed whose COMMIT was sent and never answered. */
final class CommitOutcome {

    private static final Logger log = LoggerFactory.getLogger(CommitOutcome.class);

    /**
     * A locking read: where the server still works on the COMMIT, the order's row is locked, and the answer comes once
     * that has ended. A plain read would say «not there» a moment too early.
     */
    private static final String IS_THERE =
            "SELECT COUNT(*) AS found FROM orders WHERE order_code = :orderCode AND uid = :uid LOCK IN SHARE MODE";

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final DatabaseClient database;
    private final Duration patience;
    private final PlacementMetrics metrics;

    CommitOutcome(DatabaseClient database, Duration patience, PlacementMetrics metrics) {
        this.database = database;
        this.patience = patience;
        this.metrics = metrics;
    }

    /**
     * Asks until the database answers.
     *
     * @param sales of one transaction: they are all there or none is
     * @return whether it committed; fails with {@link Unknown} when there was no answer for so long that nobody waits
     */
    Mono<Boolean> committed(List<Sale> sales) {
        Sale any = sales.get(0);
        return Mono.defer(() -> Shield.uncancelled(isThere(any)))
                .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                        .maxBackoff(LONGEST_PAUSE)
                        .filter(failure -> DatabaseFailure.of(failure) != DatabaseFailure.BUG))
                .timeout(patience)
                .onErrorMap(failure -> new Unknown())
                .doOnNext(committed -> report(sales.size(), committed ? "committed" : "rolled back"))
                .doOnError(unknown -> report(sales.size(), "unknown"));
    }

    private Mono<Boolean> isThere(Sale sale) {
        return database.sql(IS_THERE)
                .bind("orderCode", sale.order().orderCode())
                .bind("uid", sale.order().uid())
                .map(row -> Long.valueOf(1).equals(row.get("found", Long.class)))
                .one();
    }

    private void report(int orders, String result) {
        metrics.commitInDoubt(result);
        log.atWarn()
                .addKeyValue("orders", orders)
                .addKeyValue("outcome", result)
                .log("answer to COMMIT was lost");
    }

    /** Nobody can tell whether the batch was placed. */
    static final class Unknown extends RuntimeException {
        Unknown() {
            super("the outcome of a COMMIT is unknown", null, false, false);
        }
    }
}
