package io.giftorders.payment;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.giftorders.database.Transactions;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Keeps what does not agree between Alipay and these books, for the operator. What is seen again counts up. */
@Component
class Discrepancies {

    private static final Logger log = LoggerFactory.getLogger(Discrepancies.class);

    private static final String RECORD = """
            INSERT INTO discrepancy (kind, subject, order_code, trade_no, detail, first_seen_at, last_seen_at)
            VALUES (:kind, :subject, :orderCode, :tradeNo, :detail, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))
            ON DUPLICATE KEY UPDATE times = times + 1, detail = VALUES(detail), last_seen_at = VALUES(last_seen_at)
            """;

    private static final String PAGE = """
            SELECT id, kind, subject, order_code, trade_no, detail, times, first_seen_at, last_seen_at
              FROM discrepancy WHERE id < :before ORDER BY id DESC LIMIT :limit
            """;

    /** Characters of {@code trade_no}, {@code subject} and {@code detail}. */
    private static final int MAX_TRADE_NO = 64;

    /** Rows that an insert changed; two are told of a row that was there and counts up (ON DUPLICATE KEY UPDATE). */
    private static final long INSERTED = 1;

    private static final int MAX_SUBJECT = 150;
    private static final int MAX_DETAIL = 500;

    private final Transactions transactions;
    private final DatabaseClient database;
    private final PaymentMetrics metrics;

    Discrepancies(Transactions lifecycleTransactions, PaymentMetrics metrics) {
        this.transactions = lifecycleTransactions;
        this.metrics = metrics;
        this.database = lifecycleTransactions.database();
    }

    /** What can disagree. The name, in lower case with dashes, is stable: operators filter by it. */
    enum Kind {
        /** A paid trade under a number that is no order of this shop. */
        UNKNOWN_ORDER,
        /** A trade paid with another amount than its order's. */
        WRONG_AMOUNT,
        /** A notify for another app. */
        WRONG_APP,
        /** A notify for another seller's money. */
        WRONG_SELLER,
        /** A trade that paid another order already. */
        TRADE_OF_ANOTHER_ORDER,
        /** A refund that these books did not ask for. */
        UNKNOWN_REFUND,
        /** Alipay refuses a refund for good. */
        REFUND_REFUSED,
        /** Alipay paid back another amount than asked for. */
        WRONG_REFUND_AMOUNT,
        /** A payment that only the bill told of. */
        PAYMENT_WAS_MISSING,
        /** A payment in these books that is not in the bill. */
        PAYMENT_NOT_IN_BILL,
        /** A refund in these books that is not in the bill. */
        REFUND_NOT_IN_BILL,
        /** A trade in the bill that these books do not know. */
        UNKNOWN_TRADE_IN_BILL,
        /** A bill that Alipay does not have although there were payments. */
        NO_BILL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param subject what it is about, such as a trade number: one row for each
     * @param orderCode or null, where it concerns no order
     * @param tradeNo or null
     * @param detail one sentence for the operator
     */
    record Finding(
            Kind kind,
            String subject,
            @Nullable Long orderCode,
            @Nullable String tradeNo,
            String detail) {}

    /** Records inside the caller's transaction. */
    Mono<Void> record(Finding finding) {
        DatabaseClient.GenericExecuteSpec insert = database.sql(RECORD)
                .bind("kind", finding.kind().toString())
                .bind("subject", cut(finding.subject(), MAX_SUBJECT))
                .bind("detail", cut(finding.detail(), MAX_DETAIL));
        insert = finding.orderCode() == null
                ? insert.bindNull("orderCode", Long.class)
                : insert.bind("orderCode", finding.orderCode());
        insert = finding.tradeNo() == null || finding.tradeNo().length() > MAX_TRADE_NO
                ? insert.bindNull("tradeNo", String.class)
                : insert.bind("tradeNo", finding.tradeNo());
        return insert.fetch()
                .rowsUpdated()
                .doOnNext(rows -> tell(finding, rows == INSERTED))
                .then();
    }

    private void tell(Finding finding, boolean forTheFirstTime) {
        if (forTheFirstTime) {
            metrics.disagreed(finding.kind());
        }
        log.atWarn()
                .addKeyValue("kind", finding.kind())
                .addKeyValue("order", finding.orderCode())
                .log("books disagree, see GET /payments/discrepancies");
    }

    /** Records in a transaction of its own. */
    Mono<Void> recordAlone(Finding finding) {
        return transactions.run(() -> record(finding));
    }

    /** What was found, newest first, with an id below {@code before}; at most {@code limit} of them. */
    Mono<List<Discrepancy>> page(long before, int limit) {
        return transactions.run(() -> database.sql(PAGE)
                .bind("before", before)
                .bind("limit", limit)
                .map(Discrepancy::read)
                .all()
                .collectList());
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }

    record Discrepancy(
            long id,
            String kind,
            String subject,

            @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
            Long orderCode,

            @Nullable String tradeNo,
            String detail,
            int times,
            Instant firstSeenAt,
            Instant lastSeenAt) {

        static Discrepancy read(Readable row) {
            return new Discrepancy(
                    required(row, "id", Long.class),
                    required(row, "kind", String.class),
                    required(row, "subject", String.class),
                    row.get("order_code", Long.class),
                    row.get("trade_no", String.class),
                    required(row, "detail", String.class),
                    required(row, "times", Integer.class),
                    requiredTime(row, "first_seen_at"),
                    requiredTime(row, "last_seen_at"));
        }
    }
}
