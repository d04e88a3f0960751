package io.giftorders.payment;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;
import static io.giftorders.database.Columns.time;
import static io.giftorders.database.Columns.utc;
import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.giftorders.payment.Refund.Cause;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Keeps refunds: what is to be sent to Alipay is written here in the transaction that causes it, so that no crash loses it.
 * Everything here runs inside the caller's transaction.
 */
final class RefundBooks {

    private static final String COLUMNS =
            "out_request_no, trade_no, order_code, amount, cause, items, attempts, created_at, confirmed_at";

    private static final String INSERT = """
            INSERT INTO refund (out_request_no, trade_no, order_code, amount, cause, items, idempotency_key, created_at,
                                due_at)
            VALUES (:outRequestNo, :tradeNo, :orderCode, :amount, :cause, :items, :idempotencyKey, UTC_TIMESTAMP(6),
                    UTC_TIMESTAMP(6))
            """;

    private static final String OF_ORDER =
            "SELECT " + COLUMNS + " FROM refund WHERE order_code = :orderCode ORDER BY created_at, out_request_no";

    private static final String UNDER_KEY =
            "SELECT " + COLUMNS + " FROM refund WHERE order_code = :orderCode AND idempotency_key = :idempotencyKey";

    private static final String FIND =
            "SELECT " + COLUMNS + " FROM refund WHERE trade_no = :tradeNo AND out_request_no = :outRequestNo";

    /**
     * What another instance has locked, it is sending. Alipay wants three seconds between two refunds of one trade
     * (alipay.trade.refund).
     */
    private static final String DUE = "SELECT " + COLUMNS + "\n" + """
             FROM refund
             WHERE due_at <= UTC_TIMESTAMP(6)
               AND NOT EXISTS (SELECT 1 FROM refund other
                                WHERE other.trade_no = refund.trade_no
                                  AND other.out_request_no <> refund.out_request_no
                                  AND other.sent_at > UTC_TIMESTAMP(6) - INTERVAL 3 SECOND)
             ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
            """;

    private static final String SENDING = """
            UPDATE refund
               SET attempts = attempts + 1, sent_at = UTC_TIMESTAMP(6),
                   due_at = UTC_TIMESTAMP(6) + INTERVAL :leaseMicros MICROSECOND
             WHERE trade_no = :tradeNo AND out_request_no = :outRequestNo
            """;

    private static final String CONFIRM = """
            UPDATE refund SET confirmed_at = UTC_TIMESTAMP(6), due_at = NULL
             WHERE trade_no = :tradeNo AND out_request_no = :outRequestNo AND confirmed_at IS NULL
            """;

    private static final String PUT_OFF = """
            UPDATE refund SET due_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND
             WHERE trade_no = :tradeNo AND out_request_no = :outRequestNo AND confirmed_at IS NULL
            """;

    private static final String NOT_BILLED = "SELECT " + COLUMNS
            + " FROM refund WHERE confirmed_at >= :from AND confirmed_at < :until AND billed_on IS NULL";

    private static final String BILLED =
            "UPDATE refund SET billed_on = :day WHERE trade_no = :tradeNo AND out_request_no = :outRequestNo";

    /** What is not confirmed has a time to be sent at; few, unless Alipay is away. */
    private static final String OPEN = """
            SELECT COUNT(*) AS refunds,
                   COALESCE(TIMESTAMPDIFF(MICROSECOND, MIN(created_at), UTC_TIMESTAMP(6)), 0) AS micros
              FROM refund WHERE due_at IS NOT NULL
            """;

    private final DatabaseClient database;

    RefundBooks(DatabaseClient database) {
        this.database = database;
    }

    /** Writes a refund that is due at once. */
    Mono<Void> write(
            String outRequestNo,
            Payment payment,
            BigDecimal amount,
            Cause cause,
            @Nullable String items,
            @Nullable String idempotencyKey) {
        DatabaseClient.GenericExecuteSpec insert = database.sql(INSERT)
                .bind("outRequestNo", outRequestNo)
                .bind("tradeNo", payment.tradeNo())
                .bind("orderCode", payment.orderCode())
                .bind("amount", amount)
                .bind("cause", cause.code());
        return bindText(bindText(insert, "items", items), "idempotencyKey", idempotencyKey)
                .then();
    }

    /**
     * What Alipay has not confirmed.
     *
     * @param oldest age of the oldest; zero where there is none
     */
    record Open(long count, Duration oldest) {}

    Mono<Open> open() {
        return database.sql(OPEN)
                .map(row -> new Open(
                        required(row, "refunds", Long.class),
                        Duration.of(required(row, "micros", Long.class), ChronoUnit.MICROS)))
                .one();
    }

    /** Oldest first. */
    Mono<List<Refund>> ofOrder(long orderCode) {
        return database.sql(OF_ORDER)
                .bind("orderCode", orderCode)
                .map(RefundBooks::read)
                .all()
                .collectList();
    }

    Mono<Refund> underKey(long orderCode, String idempotencyKey) {
        return database.sql(UNDER_KEY)
                .bind("orderCode", orderCode)
                .bind("idempotencyKey", idempotencyKey)
                .map(RefundBooks::read)
                .one();
    }

    Mono<Refund> find(String tradeNo, String outRequestNo) {
        return named(FIND, tradeNo, outRequestNo).map(RefundBooks::read).one();
    }

    /** Refunds that are due, one of a trade, now this instance's for the time of the lease. */
    Mono<List<Refund>> claim(int limit, Duration lease) {
        return database.sql(DUE)
                .bind("limit", limit)
                .map(RefundBooks::read)
                .all()
                .distinct(Refund::tradeNo)
                .collectList()
                .delayUntil(due -> Flux.fromIterable(due)
                        .concatMap(refund -> named(SENDING, refund.tradeNo(), refund.outRequestNo())
                                .bind("leaseMicros", MICROSECONDS.convert(lease))
                                .then()));
    }

    /** @return rows: 0 where it was confirmed before */
    Mono<Long> confirm(Refund refund) {
        return named(CONFIRM, refund.tradeNo(), refund.outRequestNo()).fetch().rowsUpdated();
    }

    Mono<Void> putOff(Refund refund, Duration pause) {
        return named(PUT_OFF, refund.tradeNo(), refund.outRequestNo())
                .bind("micros", MICROSECONDS.convert(pause))
                .then();
    }

    /** Notes that a day's bill has the refund. */
    Mono<Void> billed(Refund refund, LocalDate day) {
        return named(BILLED, refund.tradeNo(), refund.outRequestNo())
                .bind("day", day)
                .then();
    }

    /** Refunds that were confirmed from the first moment to before the second, and that no bill had so far. */
    Mono<List<Refund>> notBilled(Instant from, Instant until) {
        return database.sql(NOT_BILLED)
                .bind("from", utc(from))
                .bind("until", utc(until))
                .map(RefundBooks::read)
                .all()
                .collectList();
    }

    private DatabaseClient.GenericExecuteSpec named(String sql, String tradeNo, String outRequestNo) {
        return database.sql(sql).bind("tradeNo", tradeNo).bind("outRequestNo", outRequestNo);
    }

    private static DatabaseClient.GenericExecuteSpec bindText(
            DatabaseClient.GenericExecuteSpec statement, String name, @Nullable String value) {
        return value == null ? statement.bindNull(name, String.class) : statement.bind(name, value);
    }

    private static Refund read(Readable row) {
        return new Refund(
                required(row, "out_request_no", String.class),
                required(row, "trade_no", String.class),
                required(row, "order_code", Long.class),
                required(row, "amount", BigDecimal.class),
                Cause.of(required(row, "cause", Integer.class)),
                row.get("items", String.class),
                required(row, "attempts", Integer.class),
                requiredTime(row, "created_at"),
                time(row, "confirmed_at"));
    }
}
