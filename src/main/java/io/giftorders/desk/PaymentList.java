package io.giftorders.desk;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;
import static io.giftorders.database.Columns.utc;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.giftorders.desk.PaymentSearch.Place;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reads payments for an operator, each with what went back of it. */
@Component
class PaymentList {

    private static final String SELECT = """
            SELECT p.trade_no, p.order_code, p.total_amount, p.paid_at,
                   COALESCE((SELECT SUM(r.amount) FROM refund r WHERE r.trade_no = p.trade_no), 0) AS refunded_amount,
                   (SELECT COUNT(*) FROM refund r WHERE r.trade_no = p.trade_no AND r.confirmed_at IS NULL) AS unconfirmed
              FROM payment p
            """;

    private static final String NEWEST_FIRST = " ORDER BY p.paid_at DESC, p.trade_no DESC LIMIT :limit";

    private final DatabaseClient database;

    PaymentList(DatabaseClient database) {
        this.database = database;
    }

    Mono<PaymentPage> page(PaymentSearch search) {
        List<String> conditions = new ArrayList<>();
        if (search.orderCode() != null) {
            conditions.add("p.order_code = :orderCode");
        }
        if (search.from() != null) {
            conditions.add("p.paid_at >= :from");
        }
        if (search.to() != null) {
            conditions.add("p.paid_at < :to");
        }
        if (search.before() != null) {
            conditions.add("p.paid_at <= :paidAt AND NOT (p.paid_at = :paidAt AND p.trade_no >= :tradeNo)");
        }
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return bind(database.sql(SELECT + where + NEWEST_FIRST), search)
                .map(PaymentList::read)
                .all()
                .collectList()
                .map(page -> PaymentPage.of(page, search));
    }

    private static GenericExecuteSpec bind(GenericExecuteSpec select, PaymentSearch search) {
        GenericExecuteSpec bound = select.bind("limit", search.limit());
        bound = search.orderCode() == null ? bound : bound.bind("orderCode", search.orderCode());
        bound = search.from() == null ? bound : bound.bind("from", utc(search.from()));
        bound = search.to() == null ? bound : bound.bind("to", utc(search.to()));
        Place before = search.before();
        return before == null
                ? bound
                : bound.bind("paidAt", utc(before.paidAt())).bind("tradeNo", before.tradeNo());
    }

    private static PaymentEntry read(Readable row) {
        return new PaymentEntry(
                required(row, "trade_no", String.class),
                required(row, "order_code", Long.class),
                required(row, "total_amount", BigDecimal.class),
                requiredTime(row, "paid_at"),
                required(row, "refunded_amount", BigDecimal.class).setScale(2),
                required(row, "unconfirmed", Long.class));
    }

    /**
     * Money that came in.
     *
     * @param tradeNo Alipay's number
     * @param totalAmount yuan
     * @param paidAt by Alipay's clock
     * @param refundedAmount yuan that went back or will
     * @param unconfirmedRefunds refunds that Alipay has not confirmed yet
     */
    record PaymentEntry(
            String tradeNo,
            @JsonFormat(shape = JsonFormat.Shape.STRING) long orderCode,
            @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal totalAmount,
            Instant paidAt,
            @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal refundedAmount,
            long unconfirmedRefunds) {

        Place place() {
            return new Place(paidAt, tradeNo);
        }
    }

    /** @param next where the older ones are, or null at the end */
    record PaymentPage(
            List<PaymentEntry> payments, @Nullable String next) {

        static PaymentPage of(List<PaymentEntry> page, PaymentSearch search) {
            boolean more = page.size() == search.limit();
            return new PaymentPage(
                    List.copyOf(page),
                    more ? search.next(page.get(page.size() - 1).place()) : null);
        }
    }
}
