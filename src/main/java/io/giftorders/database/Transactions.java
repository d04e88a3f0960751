package io.giftorders.database;

import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.Supplier;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Short transactions on one pool, at read committed: once a row is locked, every change that was committed before is
 * seen. Each is run again where another transaction got in its way.
 */
public final class Transactions {

    /** Chosen: with pauses of 5 to 200 ms, about a second of trying; then something else is wrong. */
    private static final int MAX_REPETITIONS = 8;

    /** Chosen: one wait for a lock (2 s) and a second try. Who holds a row longer is stuck, and others wait behind this. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * Chosen: longer than any transaction that gets on. A connection that is silent in the middle of an answer does not close
     * itself ({@link WatchedLoops}), and lanes and rounds that wait for it would stand still.
     */
    private static final Duration STALLED = Duration.ofSeconds(30);

    private final DatabaseClient database;
    private final TransactionalOperator transaction;
    private final Duration stalled;

    public Transactions(ConnectionFactory connections) {
        this(connections, STALLED);
    }

    Transactions(ConnectionFactory connections, Duration stalled) {
        this.stalled = stalled;
        this.database = DatabaseClient.create(connections);
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.transaction = TransactionalOperator.create(new R2dbcTransactionManager(connections), definition);
    }

    /** For statements: inside {@link #run} they belong to its transaction. */
    public DatabaseClient database() {
        return database;
    }

    /**
     * Runs work in a transaction that nothing cancels once it began.
     *
     * @param work made anew for every attempt
     * @return its result, committed; fails as the last attempt failed. Where the connection broke or says nothing more, the
     *     work may stand, or come to stand later
     */
    public <T> Mono<T> run(Supplier<Mono<T>> work) {
        return Mono.defer(() -> attempts(work, System.nanoTime())).as(Shield::uncancelled);
    }

    private <T> Mono<T> attempts(Supplier<Mono<T>> work, long startedAt) {
        return Mono.defer(work)
                .as(transaction::transactional)
                .as(Shield::uncancelled)
                .timeout(stalled)
                .retryWhen(Retry.backoff(MAX_REPETITIONS, Duration.ofMillis(5))
                        .maxBackoff(Duration.ofMillis(200))
                        .jitter(0.5)
                        .filter(failure -> DatabaseFailure.of(failure) == DatabaseFailure.CONFLICT
                                && System.nanoTime() - startedAt < PATIENCE.toNanos())
                        .onRetryExhaustedThrow((retry, last) -> last.failure()));
    }
}
