package io.giftorders.database;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionMetadata;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.TransactionDefinition;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A connection that saves two of a transaction's five round trips, for which whoever waits for the transaction waits too.
 *
 * <p>A transaction that opens with a {@link Batch} begins with it: {@code START TRANSACTION} is the first statement of that
 * batch. Before anything else it is sent alone, as the driver does.
 *
 * <p>It is a {@link Connection} and nothing else. The pool looks for {@code Lifecycle} beside it, calls that at every release
 * whatever else it is told to do there (r2dbc-pool 1.0.2), and where no transaction is open the driver sends the server a
 * ping (r2dbc-mysql 1.4).
 */
final class ThriftyConnection implements Connection {

    private final Connection driver;

    /** A transaction that was begun here, and of which the server has not been told. */
    private @Nullable TransactionDefinition unsent;

    ThriftyConnection(Connection driver) {
        this.driver = driver;
    }

    @Override
    public Mono<Void> beginTransaction() {
        return beginTransaction(new NoAttributes());
    }

    @Override
    public Mono<Void> beginTransaction(TransactionDefinition definition) {
        return Mono.defer(() -> {
            if (!isPlain(definition)) {
                return Mono.from(driver.beginTransaction(definition));
            }
            unsent = definition;
            return Mono.empty();
        });
    }

    /** Whether two statements say it all. */
    private static boolean isPlain(TransactionDefinition definition) {
        return definition.getAttribute(TransactionDefinition.LOCK_WAIT_TIMEOUT) == null
                && !Boolean.TRUE.equals(definition.getAttribute(TransactionDefinition.READ_ONLY));
    }

    @Override
    public Batch createBatch() {
        return new OpeningBatch();
    }

    @Override
    public Statement createStatement(String sql) {
        Statement statement = driver.createStatement(sql);
        return unsent == null ? statement : new LaterStatement(statement);
    }

    @Override
    public Mono<Void> commitTransaction() {
        return unlessUnsent(driver.commitTransaction());
    }

    @Override
    public Mono<Void> rollbackTransaction() {
        return unlessUnsent(driver.rollbackTransaction());
    }

    /** What the server has not heard of is over without it. */
    private Mono<Void> unlessUnsent(Publisher<Void> end) {
        return Mono.defer(() -> takeUnsent() == null ? Mono.from(end) : Mono.empty());
    }

    @Override
    public Mono<Void> createSavepoint(String name) {
        return begun().then(Mono.from(driver.createSavepoint(name)));
    }

    @Override
    public Publisher<Void> releaseSavepoint(String name) {
        return driver.releaseSavepoint(name);
    }

    @Override
    public Publisher<Void> rollbackTransactionToSavepoint(String name) {
        return driver.rollbackTransactionToSavepoint(name);
    }

    private Mono<Void> begun() {
        return Mono.defer(() -> {
            TransactionDefinition definition = takeUnsent();
            return definition == null ? Mono.empty() : Mono.from(driver.beginTransaction(definition));
        });
    }

    private @Nullable TransactionDefinition takeUnsent() {
        TransactionDefinition definition = unsent;
        unsent = null;
        return definition;
    }

    @Override
    public boolean isAutoCommit() {
        return unsent == null && driver.isAutoCommit();
    }

    @Override
    public Publisher<Void> setAutoCommit(boolean autoCommit) {
        return driver.setAutoCommit(autoCommit);
    }

    @Override
    public IsolationLevel getTransactionIsolationLevel() {
        return driver.getTransactionIsolationLevel();
    }

    @Override
    public Publisher<Void> setTransactionIsolationLevel(IsolationLevel level) {
        return driver.setTransactionIsolationLevel(level);
    }

    @Override
    public Publisher<Void> setLockWaitTimeout(Duration timeout) {
        return driver.setLockWaitTimeout(timeout);
    }

    @Override
    public Publisher<Void> setStatementTimeout(Duration timeout) {
        return driver.setStatementTimeout(timeout);
    }

    @Override
    public ConnectionMetadata getMetadata() {
        return driver.getMetadata();
    }

    @Override
    public Publisher<Boolean> validate(ValidationDepth depth) {
        return driver.validate(depth);
    }

    @Override
    public Publisher<Void> close() {
        return driver.close();
    }

    /** Statements that begin the transaction on their way, where the server has not been told. */
    private final class OpeningBatch implements Batch {

        private final List<String> statements = new ArrayList<>();

        @Override
        public Batch add(String sql) {
            statements.add(sql);
            return this;
        }

        @Override
        public Flux<Result> execute() {
            return Flux.defer(() -> {
                List<String> opening = opening(takeUnsent());
                Batch batch = driver.createBatch();
                opening.forEach(batch::add);
                statements.forEach(batch::add);
                return Flux.<Result>from(batch.execute())
                        .index()
                        .concatMap(
                                result -> result.getT1() < opening.size()
                                        ? done(result.getT2())
                                        : Mono.just(result.getT2()),
                                0);
            });
        }

        private static Mono<Result> done(Result result) {
            return Mono.from(result.getRowsUpdated()).then(Mono.empty());
        }

        private static List<String> opening(@Nullable TransactionDefinition definition) {
            if (definition == null) {
                return List.of();
            }
            IsolationLevel level = definition.getAttribute(TransactionDefinition.ISOLATION_LEVEL);
            return level == null
                    ? List.of("START TRANSACTION")
                    : List.of("SET TRANSACTION ISOLATION LEVEL " + level.asSql(), "START TRANSACTION");
        }
    }

    /** A statement that was made before the transaction is begun. */
    private final class LaterStatement implements Statement {

        private final Statement statement;

        LaterStatement(Statement statement) {
            this.statement = statement;
        }

        @Override
        public Statement add() {
            statement.add();
            return this;
        }

        @Override
        public Statement bind(int index, Object value) {
            statement.bind(index, value);
            return this;
        }

        @Override
        public Statement bind(String name, Object value) {
            statement.bind(name, value);
            return this;
        }

        @Override
        public Statement bindNull(int index, Class<?> type) {
            statement.bindNull(index, type);
            return this;
        }

        @Override
        public Statement bindNull(String name, Class<?> type) {
            statement.bindNull(name, type);
            return this;
        }

        @Override
        public Statement returnGeneratedValues(String... columns) {
            statement.returnGeneratedValues(columns);
            return this;
        }

        @Override
        public Statement fetchSize(int rows) {
            statement.fetchSize(rows);
            return this;
        }

        @Override
        public Flux<Result> execute() {
            return begun().thenMany(Flux.defer(() -> Flux.<Result>from(statement.execute())));
        }
    }

    private static final class NoAttributes implements TransactionDefinition {

        @Override
        public <T> @Nullable T getAttribute(io.r2dbc.spi.Option<T> option) {
            return null;
        }
    }
}
