package io.giftorders.database;

import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.pool.PoolAcquirePendingLimitException;
import reactor.pool.PoolAcquireTimeoutException;
import reactor.pool.PoolShutdownException;

/**
 * What a failed database call means for the caller. Told by the server's error number wherever there is one: drivers and
 * Spring sort MySQL's errors by SQL state, which puts a deadlock, a lost connection and a read-only server together.
 */
public enum DatabaseFailure {
    /** Another transaction was in the way and the server rolled this one back, or asks for it: run it again. */
    CONFLICT,
    /** There is no connection, or it broke: nothing is known of what was under way on it. */
    UNREACHABLE,
    /** The server refuses a row: run again unchanged it fails again. */
    DATA,
    /** Anything else: a bug. */
    BUG;

    /**
     * 1213 deadlock or Galera certification, 1205 lock wait, 1020 changed since read (MariaDB), 3101 group replication,
     * 9007, 8002, 8022, 8028 TiDB write conflicts, 1969 and 3024 statement time-outs. 1305, savepoint gone: a deadlock rolled
     * back the whole transaction, and this error of the roll-back to the savepoint hides it.
     */
    private static final Set<Integer> CONFLICTS =
            Set.of(1213, 1205, 1020, 1305, 3101, 9007, 8002, 8022, 8028, 1969, 3024);

    /**
     * 1040 too many connections, 1047 Galera node not ready, 1053 shutting down, 1290 and 1836 read-only, 1927 connection
     * killed, 1317 interrupted.
     */
    private static final Set<Integer> AWAY = Set.of(1040, 1047, 1053, 1290, 1836, 1927, 1317);

    /** 1062 duplicate key, 1264 out of range, 1406 too long, 1366 wrong value, 3819 and 4025 CHECK (MySQL, MariaDB). */
    private static final Set<Integer> REFUSED_ROWS = Set.of(1062, 1264, 1406, 1366, 3819, 4025);

    /** Duplicate entry in a unique key. */
    private static final int DUPLICATE_KEY = 1062;

    /** Sorts an error, whatever Spring and Reactor have wrapped it in. */
    public static DatabaseFailure of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            DatabaseFailure known = ofOne(cause);
            if (known != BUG) {
                return known;
            }
        }
        return BUG;
    }

    /** Whether the same call may succeed a moment later. */
    public boolean isTemporary() {
        return switch (this) {
            case CONFLICT, UNREACHABLE -> true;
            case DATA, BUG -> false;
        };
    }

    /** Whether a unique key was hit. */
    public static boolean isDuplicateKey(Throwable failure) {
        return code(failure) == DUPLICATE_KEY;
    }

    /** The server's error number, or 0 where the failure did not come from a server. */
    public static int code(Throwable failure) {
        R2dbcException known = find(failure);
        return known == null ? 0 : known.getErrorCode();
    }

    /** One line for the log: error number and class, never a message, which may quote a buyer's data. */
    public static String summary(Throwable failure) {
        R2dbcException known = find(failure);
        if (known == null) {
            return failure.getClass().getSimpleName();
        }
        return known.getClass().getSimpleName() + (known.getErrorCode() == 0 ? "" : "/" + known.getErrorCode());
    }

    private static @Nullable R2dbcException find(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException known) {
                return known;
            }
        }
        return null;
    }

    private static DatabaseFailure ofOne(Throwable cause) {
        if (cause instanceof R2dbcException known && known.getErrorCode() != 0) {
            return ofServer(known);
        }
        if (cause instanceof R2dbcTransientResourceException
                || cause instanceof R2dbcNonTransientResourceException
                || cause instanceof R2dbcTimeoutException
                || cause instanceof IOException
                || cause instanceof TimeoutException
                || cause instanceof PoolAcquirePendingLimitException
                || cause instanceof PoolAcquireTimeoutException
                || cause instanceof PoolShutdownException) {
            return UNREACHABLE;
        }
        // The driver's word for a request that was waiting on a connection when it closed.
        boolean closed = cause instanceof IllegalStateException
                && cause.getMessage() != null
                && cause.getMessage().contains("Request queue");
        return closed ? UNREACHABLE : BUG;
    }

    private static DatabaseFailure ofServer(R2dbcException known) {
        int code = known.getErrorCode();
        if (CONFLICTS.contains(code)) {
            return CONFLICT;
        }
        if (AWAY.contains(code)) {
            return UNREACHABLE;
        }
        boolean data = REFUSED_ROWS.contains(code) || known instanceof R2dbcDataIntegrityViolationException;
        return data ? DATA : BUG;
    }
}
