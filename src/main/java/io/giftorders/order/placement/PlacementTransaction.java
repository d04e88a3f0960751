package io.giftorders.order.placement;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.database.Shield;
import io.giftorders.problem.Unavailable;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Places a batch of orders in one transaction: reads, decides, writes, takes the stock, commits. Runs it again where
 * another transaction got in the way, and finds out what became of it where the answer to COMMIT was lost.
 */
final class PlacementTransaction {

    private static final Logger log = LoggerFactory.getLogger(PlacementTransaction.class);

    /** Chosen: beyond any statement's own time-out. A connection that is silent for so long is dead without saying so. */
    private static final Duration STALLED = Duration.ofSeconds(10);

    /** Conflicts after which the gifts are locked as they are read: from then on nobody can be faster. Chosen. */
    private static final int PATIENT_CONFLICTS = 3;

    private final TransactionalOperator transaction;
    private final SnapshotReader reader;
    private final BatchInsertion insertion;
    private final CommitOutcome outcome;
    private final PlacementProperties properties;
    private final PlacementMetrics metrics;

    PlacementTransaction(
            TransactionalOperator transaction,
            SnapshotReader reader,
            BatchInsertion insertion,
            CommitOutcome outcome,
            PlacementProperties properties,
            PlacementMetrics metrics) {
        this.transaction = transaction;
        this.reader = reader;
        this.insertion = insertion;
        this.outcome = outcome;
        this.properties = properties;
        this.metrics = metrics;
    }

    /**
     * Places a batch. Must not be cancelled.
     *
     * @return a decision for each wish, in their order, all of them committed; fails with {@link Unavailable} where
     *     nothing was placed, and with {@link CommitOutcome.Unknown} where nobody can tell
     */
    Mono<List<Decision>> place(List<PlaceOrder> batch) {
        return Mono.defer(() -> new Run(batch, insertion::together).untilNobodyIsInTheWay())
                .onErrorResume(
                        failure -> DatabaseFailure.of(failure) == DatabaseFailure.DATA,
                        refused -> new Run(batch, insertion::oneByOne).untilNobodyIsInTheWay())
                .onErrorMap(PlacementTransaction::isWorthRunningAgain, PlacementTransaction::givenUp);
    }

    private static boolean isWorthRunningAgain(Throwable failure) {
        return failure instanceof StockConflict || DatabaseFailure.of(failure).isTemporary();
    }

    private static Throwable givenUp(Throwable failure) {
        log.atWarn().addKeyValue("cause", DatabaseFailure.summary(failure)).log("batch given up, nothing placed");
        return DatabaseFailure.of(failure) == DatabaseFailure.UNREACHABLE
                ? Unavailable.database()
                : Refusals.contended();
    }

    /** How a batch's orders are decided and written. */
    private interface Insertion {
        Mono<List<Decision>> insert(List<PlaceOrder> batch, Allocation allocation);
    }

    /** A batch on its way through as many transactions as it takes. */
    private final class Run {

        private final List<PlaceOrder> batch;
        private final Insertion insertion;
        private final long startedAt = System.nanoTime();
        private int attempts;

        Run(List<PlaceOrder> batch, Insertion insertion) {
            this.batch = batch;
            this.insertion = insertion;
        }

        Mono<List<Decision>> untilNobodyIsInTheWay() {
            PlacementProperties.Retries budget = properties.retry();
            return Mono.defer(this::attempt)
                    .retryWhen(Retry.backoff(budget.maxAttempts() - 1L, budget.firstBackoff())
                            .maxBackoff(budget.maxBackoff())
                            .jitter(0.5)
                            .filter(failure -> isWorthRunningAgain(failure) && isInTime())
                            .doBeforeRetry(signal -> metrics.runAgain(signal.failure()))
                            .onRetryExhaustedThrow((retry, last) -> last.failure()));
        }

        /** One transaction, which nothing cancels: a stalled one is left alone, and never gets to COMMIT. */
        private Mono<List<Decision>> attempt() {
            Attempt attempt = new Attempt();
            boolean locking = properties.locksGifts() || attempts++ >= PATIENT_CONFLICTS;
            return reader.read(batch, locking)
                    .map(snapshot -> new Allocation(snapshot, properties.payWithin()))
                    .flatMap(allocation -> write(attempt, allocation))
                    .as(transaction::transactional)
                    .as(Shield::uncancelled)
                    .timeout(STALLED)
                    .doOnSuccess(decisions -> metrics.committed(attempt.sinceWritten()))
                    .onErrorResume(attempt::mayHaveCommitted, failure -> resolve(attempt, failure));
        }

        private Mono<List<Decision>> write(Attempt attempt, Allocation allocation) {
            return insertion
                    .insert(batch, allocation)
                    .filter(decisions -> attempt.written(decisions, allocation.sales()))
                    .switchIfEmpty(Mono.error(StockConflict::new));
        }

        private Mono<List<Decision>> resolve(Attempt attempt, Throwable failure) {
            return outcome.committed(attempt.sales())
                    .flatMap(committed -> committed ? Mono.just(attempt.decisions()) : Mono.error(failure));
        }

        private boolean isInTime() {
            return System.nanoTime() - startedAt < properties.deadline().toNanos();
        }
    }
}
