package io.giftorders.order;

import io.giftorders.database.AtStart;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

/**
 * Makes order codes: 41 bits of milliseconds, 12 bits of sequence, 10 bits of instance. So a code is known before the
 * order is in the database, later codes are larger, and instances never make the same one.
 */
@Component
@DependsOnDatabaseInitialization
public final class OrderCodes {

    private static final String REGISTER = "INSERT INTO instance_start (started_at) VALUES (UTC_TIMESTAMP(6))";

    /** Milliseconds are counted from here; 41 bits of them last until 2093. */
    private static final long EPOCH = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();

    private static final int TIME_BITS = 41;
    private static final int SEQUENCE_BITS = 12;
    private static final int INSTANCE_BITS = 10;

    private final AtomicLong last = new AtomicLong();
    private final Clock clock;
    private final long instance;

    @Autowired
    OrderCodes(DatabaseClient database, TransactionalOperator transaction) {
        this(Clock.systemUTC(), register(database, transaction));
    }

    /** @param instance which instance this is; only the low 10 bits count */
    OrderCodes(Clock clock, long instance) {
        this.clock = clock;
        this.instance = instance & ((1 << INSTANCE_BITS) - 1);
    }

    /** A code larger than every one before. Runs ahead of the clock where more than 4,096 a millisecond are asked for. */
    public long next() {
        long now = (clock.millis() - EPOCH) << SEQUENCE_BITS;
        long code = last.updateAndGet(before -> Math.max(before + 1, now));
        return code << INSTANCE_BITS | instance;
    }

    /**
     * The smallest code of an order that came at this moment or later, by the clock of the instance that took it. (An order is
     * created some milliseconds later, by the database's clock.)
     */
    public static long firstAt(Instant moment) {
        long millis = moment.plusNanos(999_999).toEpochMilli() - EPOCH;
        long known = Math.max(0, Math.min(millis, (1L << TIME_BITS) - 1));
        return known << (SEQUENCE_BITS + INSTANCE_BITS);
    }

    /** The instance's number: each start takes the next one from the database, so that no two that run share it. */
    private static long register(DatabaseClient database, TransactionalOperator transaction) {
        return AtStart.get(
                database.sql(REGISTER)
                        .filter(statement -> statement.returnGeneratedValues("id"))
                        .map(row -> Objects.requireNonNull(row.get("id", Long.class)))
                        .one()
                        .as(transaction::transactional),
                0L);
    }
}
