package io.giftorders.audit;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;

import io.giftorders.database.Shield;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Checks the books while the shop works: everything is read in one transaction, whose first read decides which state of the
 * database all the others see. It locks nothing. One at a time.
 */
public final class Audit {

    /** The first read, and so the moment. */
    private static final String MOMENT = "SELECT COUNT(*) AS orders, UTC_TIMESTAMP(6) AS now FROM orders";

    /** MariaDB makes bytes of a text that was put together from sums of a group. */
    private static final String DIFFERENCES =
            "SELECT order_code, CONVERT(detail USING utf8mb4) AS detail FROM (%s) wrong";

    private final DatabaseClient database;
    private final TransactionalOperator snapshot;
    private final AtomicBoolean running = new AtomicBoolean();

    Audit(ConnectionFactory connections) {
        this.database = DatabaseClient.create(connections);
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setName("audit");
        definition.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        definition.setReadOnly(true);
        this.snapshot = TransactionalOperator.create(new R2dbcTransactionManager(connections), definition);
    }

    /**
     * Checks everything. It runs to its end once it is subscribed to, whether or not somebody still waits for it.
     *
     * @param answers what buyers were answered, to be found again in the books; null to leave that out
     * @param since orders placed before it are not asked whether somebody sent them; null for all
     * @return the report; fails with a 503 problem while another audit runs, else as the database fails
     */
    public Mono<Report> check(@Nullable Answers answers, @Nullable Instant since) {
        return Mono.defer(() -> running.compareAndSet(false, true)
                // before the report goes out: whoever has it may ask for the next
                ? Shield.uncancelled(read(answers, since).doOnTerminate(() -> running.set(false)))
                : Mono.error(new AuditRunning()));
    }

    private Mono<Report> read(@Nullable Answers answers, @Nullable Instant since) {
        Findings findings = new Findings();
        return moment().flatMap(moment -> Flux.fromArray(Check.values())
                        .concatMap(this::differences)
                        .concatWith(answers == null ? Flux.empty() : new AnswerCheck(database, answers, since).run())
                        .doOnNext(findings::add)
                        .then(Mono.fromSupplier(() -> new Report(
                                moment.now(),
                                moment.orders(),
                                answers == null ? null : (long) answers.count(),
                                findings.found(),
                                findings.differences()))))
                .as(snapshot::transactional);
    }

    private Mono<Moment> moment() {
        return database.sql(MOMENT).map(Moment::read).one();
    }

    private Flux<Difference> differences(Check check) {
        return database.sql(DIFFERENCES.formatted(check.statement()))
                .map(row -> new Difference(
                        check.label(), row.get("order_code", Long.class), required(row, "detail", String.class)))
                .all();
    }

    private record Moment(long orders, Instant now) {

        static Moment read(Readable row) {
            return new Moment(required(row, "orders", Long.class), requiredTime(row, "now"));
        }
    }
}
