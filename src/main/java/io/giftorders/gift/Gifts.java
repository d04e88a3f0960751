package io.giftorders.gift;

import io.giftorders.database.Columns;
import io.giftorders.database.DatabaseFailure;
import io.giftorders.database.Shield;
import io.r2dbc.spi.Parameter;
import io.r2dbc.spi.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Keeps the gifts. */
@Component
class Gifts {

    private static final String PAGE =
            "SELECT " + Gift.COLUMNS + " FROM gift WHERE id > :after ORDER BY id LIMIT :limit";

    private static final String VERSIONS =
            "SELECT id, stock, sales, terms FROM gift WHERE id > :after ORDER BY id LIMIT :limit";

    private static final String WITH_IDS = "SELECT " + Gift.COLUMNS + " FROM gift WHERE id IN (:ids) ORDER BY id";

    private static final String FIND = "SELECT " + Gift.COLUMNS + " FROM gift WHERE id = :id";

    /** Orders that take this gift wait until the change is through. */
    private static final String LOCK = FIND + " FOR UPDATE";

    private static final String ADD = """
            INSERT INTO gift (name, price, stock, supplied, sale_starts_at, sale_ends_at, limit_per_user)
            VALUES (:name, :price, :stock, :stock, :saleStartsAt, :saleEndsAt, :limitPerUser)
            """;

    /** What is put in comes before the stock: MySQL assigns from left to right, and it is the old stock that counts. */
    private static final String CHANGE = """
            UPDATE gift
               SET supplied = supplied + :stock - stock, name = :name, price = :price, stock = :stock, sale_starts_at = :saleStartsAt,
                   sale_ends_at = :saleEndsAt, limit_per_user = :limitPerUser, terms = terms + 1
             WHERE id = :id
            """;

    private final DatabaseClient database;
    private final TransactionalOperator transaction;
    private final PurchaseCounts purchases;
    private final GiftChanges changes;

    Gifts(
            DatabaseClient database,
            ReactiveTransactionManager transactions,
            PurchaseCounts purchases,
            GiftChanges changes) {
        this.database = database;
        // read committed: once the gift is locked, every order that took it before is seen
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.transaction = TransactionalOperator.create(transactions, definition);
        this.purchases = purchases;
        this.changes = changes;
    }

    /** Gifts with an id above {@code after}, by id; at most {@code limit} of them. */
    Mono<List<Gift>> page(long after, int limit) {
        return database.sql(PAGE)
                .bind("after", after)
                .bind("limit", limit)
                .map(Gift::read)
                .all()
                .collectList()
                .as(Shield::around);
    }

    /** Versions of the gifts with an id above {@code after}, by id; at most {@code limit} of them. */
    Mono<List<Version>> versions(long after, int limit) {
        return database.sql(VERSIONS)
                .bind("after", after)
                .bind("limit", limit)
                .map(Version::read)
                .all()
                .collectList()
                .as(Shield::around);
    }

    /** The gifts with these ids, at least one; all of one moment. */
    Mono<List<Gift>> withIds(Collection<Long> ids) {
        return database.sql(WITH_IDS)
                .bind("ids", ids)
                .map(Gift::read)
                .all()
                .collectList()
                .as(Shield::around);
    }

    /** The gift, or empty. */
    Mono<Gift> find(long id) {
        return select(FIND, id).as(Shield::around);
    }

    Mono<Gift> add(Gift gift) {
        return bindAll(database.sql(ADD), gift)
                .filter(statement -> statement.returnGeneratedValues("id"))
                .map(row -> Objects.requireNonNull(row.get("id", Long.class)))
                .one()
                .flatMap(id -> select(FIND, id))
                .as(transaction::transactional)
                .doOnNext(added -> changes.mark(List.of(added.id())))
                .as(Shield::aroundChange);
    }

    /** Changes a gift while no order can take it; empty where there is no such gift. */
    Mono<Gift> change(long id, UnaryOperator<Gift> change) {
        return select(LOCK, id)
                .flatMap(before -> store(before, change.apply(before)))
                .then(Mono.defer(() -> select(FIND, id)))
                .as(transaction::transactional)
                .retryWhen(conflicts())
                .doOnTerminate(() -> changes.mark(List.of(id)))
                .as(Shield::aroundChange);
    }

    /** An order that holds the gift's purchase counts and waits for the gift itself makes a deadlock of it. */
    private static Retry conflicts() {
        return Retry.backoff(5, Duration.ofMillis(10))
                .filter(failure -> DatabaseFailure.of(failure) == DatabaseFailure.CONFLICT)
                .onRetryExhaustedThrow((retry, last) -> last.failure());
    }

    private Mono<Void> store(Gift before, Gift after) {
        return bindAll(database.sql(CHANGE), after)
                .bind("id", after.id())
                .then()
                .then(Mono.defer(() -> recount(before, after)));
    }

    private Mono<Void> recount(Gift before, Gift after) {
        if (before.limitPerUser() == null && after.limitPerUser() != null && before.sales() > 0) {
            return purchases.start(after.id());
        }
        return after.limitPerUser() == null && before.limitPerUser() != null
                ? purchases.stop(after.id())
                : Mono.empty();
    }

    private Mono<Gift> select(String query, long id) {
        return database.sql(query).bind("id", id).map(Gift::read).one();
    }

    private static GenericExecuteSpec bindAll(GenericExecuteSpec statement, Gift gift) {
        return statement
                .bind("name", gift.name())
                .bind("price", gift.price())
                .bind("stock", gift.stock())
                .bind("saleStartsAt", utc(gift.saleStartsAt()))
                .bind("saleEndsAt", utc(gift.saleEndsAt()))
                .bind("limitPerUser", orNull(gift.limitPerUser(), Integer.class));
    }

    private static Parameter utc(@Nullable Instant time) {
        return orNull(time == null ? null : Columns.utc(time), LocalDateTime.class);
    }

    private static Parameter orNull(@Nullable Object value, Class<?> type) {
        return value == null ? Parameters.in(type) : Parameters.in(value);
    }
}
