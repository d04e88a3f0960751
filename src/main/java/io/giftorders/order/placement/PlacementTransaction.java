package io.giftorders.order.placement;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.problem.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.Retry.RetrySignal;

/**
 * Places a batch of orders in one transaction: reads, decides, writes, takes the stock, commits. Runs it again where
 * another transaction got in the way, and finds out what became of it where the answer to COMMIT was lost.
 */
final class PlacementTransaction {

    private static final Logger log = LoggerFactory.getLogger(PlacementTransaction.class);

    private final TransactionalOperator transaction;
    private final TransactionalOperator savepoint;
    private final SnapshotReader reader;
    private final OrderWriter writer;
    private final CommitOutcome outcome;
    private final PlacementProperties.Retries budget;
    private final Duration patience;
    private final PlacementMetrics metrics;

    PlacementTransaction(
            TransactionalOperator transaction,
            TransactionalOperator savepoint,
            SnapshotReader reader,
            OrderWriter writer,
            CommitOutcome outcome,
            PlacementProperties properties,
            PlacementMetrics metrics) {
        this.transaction = transaction;
        this.savepoint = savepoint;
        this.reader = reader;
        this.writer = writer;
        this.outcome = outcome;
        this.budget = properties.retry();
        this.patience = properties.deadline();
        this.metrics = metrics;
    }

    /**
     * Places a batch. Must not be cancelled.
     *
     * @return a decision for each wish, in their order, all of them committed; fails with {@link Unavailable} where
     *     nothing was placed, and with {@link CommitOutcome.Unknown} where nobody can tell
     */
    Mono<List<Decision>> place(List<PlaceOrder> batch) {
        return untilNobodyIsInTheWay(batch, this::insertTogether)
                .onErrorResume(PlacementTransaction::isRefusedData, refused -> oneByOne(batch))
                .onErrorMap(PlacementTransaction::isForTheBuyer, PlacementTransaction::forTheBuyer);
    }

    /** The database refused a row of one order: every order gets a savepoint of its own, and the bad one fails alone. */
    private Mono<List<Decision>> oneByOne(List<PlaceOrder> batch) {
        return untilNobodyIsInTheWay(batch, this::insertOneByOne);
    }

    private Mono<List<Decision>> untilNobodyIsInTheWay(List<PlaceOrder> batch, Insertion insertion) {
        return Mono.defer(() -> attempt(batch, insertion)).retryWhen(whenInTheWay());
    }

    /** One transaction. Before its work is done an error means that nothing was placed; after that, COMMIT is asked about. */
    private Mono<List<Decision>> attempt(List<PlaceOrder> batch, Insertion insertion) {
        Attempt attempt = new Attempt(batch);
        return reader.read(batch)
                .map(Allocation::new)
                .flatMap(allocation -> write(attempt, allocation, insertion))
                .as(transaction::transactional)
                .doOnSuccess(decisions -> metrics.committed(attempt.sinceWritten()))
                .onErrorResume(failure -> attempt.isInDoubt(failure), failure -> resolve(attempt, failure));
    }

    private Mono<List<Decision>> write(Attempt attempt, Allocation allocation, Insertion insertion) {
        return insertion
                .insert(attempt.batch, allocation)
                .delayUntil(decisions -> writer.addPurchases(allocation.purchases()))
                .delayUntil(decisions -> writer.take(allocation.takings()))
                .doOnNext(decisions -> attempt.written(decisions, allocation.sales()));
    }

    private Mono<List<Decision>> insertTogether(List<PlaceOrder> batch, Allocation allocation) {
        List<Decision> decisions = new ArrayList<>(batch.size());
        batch.forEach(wish -> decisions.add(allocation.decide(wish)));
        return writer.insert(allocation.sales()).thenReturn(decisions);
    }

    private Mono<List<Decision>> insertOneByOne(List<PlaceOrder> batch, Allocation allocation) {
        return Flux.fromIterable(batch)
                .concatMap(wish -> insertAlone(wish, allocation))
                .collectList();
    }

    private Mono<Decision> insertAlone(PlaceOrder wish, Allocation allocation) {
        int before = allocation.sales().size();
        Decision decision = allocation.decide(wish);
        List<Sale> sale = List.copyOf(
                allocation.sales().subList(before, allocation.sales().size()));
        return writer.insert(sale)
                .as(savepoint::transactional)
                .thenReturn(decision)
                .onErrorResume(PlacementTransaction::isRefusedData, refused -> refuse(refused, allocation));
    }

    /** A key that is there by now was placed by another instance: the next attempt will read it. */
    private static Mono<Decision> refuse(Throwable refused, Allocation allocation) {
        if (DatabaseFailure.isDuplicateKey(refused)) {
            return Mono.error(new StockConflict());
        }
        allocation.giveBackLast();
        log.atWarn().addKeyValue("cause", DatabaseFailure.summary(refused)).log("order refused by the database");
        return Mono.just(new Decision.Refused(new Refusals.Unplaceable()));
    }

    private Mono<List<Decision>> resolve(Attempt attempt, Throwable failure) {
        return outcome.committed(attempt.sales)
                .flatMap(committed -> committed ? Mono.just(attempt.decisions) : Mono.error(failure));
    }

    private Retry whenInTheWay() {
        long startedAt = System.nanoTime();
        return Retry.backoff(budget.maxAttempts() - 1L, budget.firstBackoff())
                .maxBackoff(budget.maxBackoff())
                .jitter(0.5)
                .filter(failure -> isWorthRunningAgain(failure) && System.nanoTime() - startedAt < patience.toNanos())
                .doBeforeRetry(signal -> metrics.runAgain(reason(signal)))
                .onRetryExhaustedThrow((retry, last) -> last.failure());
    }

    private static String reason(RetrySignal signal) {
        return signal.failure() instanceof StockConflict
                ? "stock-conflict"
                : "database-" + DatabaseFailure.code(signal.failure());
    }

    private static boolean isWorthRunningAgain(Throwable failure) {
        return failure instanceof StockConflict
                || DatabaseFailure.of(failure) == DatabaseFailure.CONFLICT
                || DatabaseFailure.of(failure) == DatabaseFailure.UNREACHABLE;
    }

    private static boolean isRefusedData(Throwable failure) {
        return DatabaseFailure.of(failure) == DatabaseFailure.DATA;
    }

    private static boolean isForTheBuyer(Throwable failure) {
        return isWorthRunningAgain(failure);
    }

    private static Throwable forTheBuyer(Throwable failure) {
        boolean away = DatabaseFailure.of(failure) == DatabaseFailure.UNREACHABLE;
        log.atWarn().addKeyValue("cause", DatabaseFailure.summary(failure)).log("batch given up, nothing placed");
        return away ? Unavailable.database() : Refusals.contended();
    }

    /** How a batch's orders get into the tables; makes the decisions on the way. */
    private interface Insertion {
        Mono<List<Decision>> insert(List<PlaceOrder> batch, Allocation allocation);
    }

    /** How far one transaction got. */
    private static final class Attempt {

        private final List<PlaceOrder> batch;
        private List<Decision> decisions = List.of();
        private List<Sale> sales = List.of();
        private long writtenAt;

        Attempt(List<PlaceOrder> batch) {
            this.batch = batch;
        }

        /** Everything is written: from now on COMMIT may be on its way. */
        void written(List<Decision> all, List<Sale> written) {
            decisions = all;
            sales = List.copyOf(written);
            writtenAt = System.nanoTime();
        }

        Duration sinceWritten() {
            return Duration.ofNanos(System.nanoTime() - writtenAt);
        }

        /** A conflict reported by COMMIT itself is an answer: the server rolled back. */
        boolean isInDoubt(Throwable failure) {
            return !sales.isEmpty() && DatabaseFailure.of(failure) != DatabaseFailure.CONFLICT;
        }
    }
}
