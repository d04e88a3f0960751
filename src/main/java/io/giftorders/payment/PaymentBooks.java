package io.giftorders.payment;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;
import static io.giftorders.database.Columns.utc;

import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Keeps payments. Everything here runs inside the caller's transaction. */
final class PaymentBooks {

    private static final String COLUMNS = "trade_no, order_code, total_amount, paid_at";

    /** The unique trade number settles who of two that tell of one payment was first. */
    private static final String INSERT =
            "INSERT INTO payment (" + COLUMNS + ", created_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))";

    private static final String NEXT_ROW = ", (?, ?, ?, ?, UTC_TIMESTAMP(6))";

    private static final String OF_ORDERS =
            "SELECT " + COLUMNS + " FROM payment WHERE order_code IN (:orderCodes) ORDER BY created_at, trade_no";

    private static final String WITH_TRADE_NOS =
            "SELECT " + COLUMNS + " FROM payment WHERE trade_no IN (:tradeNos) LOCK IN SHARE MODE";

    private static final String OF_A_TIME =
            "SELECT " + COLUMNS + " FROM payment WHERE paid_at >= :from AND paid_at < :until";

    private final DatabaseClient database;

    PaymentBooks(DatabaseClient database) {
        this.database = database;
    }

    Mono<Void> insert(Collection<Payment> payments) {
        String sql = INSERT + NEXT_ROW.repeat(payments.size() - 1);
        return database.inConnection(connection -> {
            Statement statement = connection.createStatement(sql);
            int index = 0;
            for (Payment payment : payments) {
                statement
                        .bind(index++, payment.tradeNo())
                        .bind(index++, payment.orderCode())
                        .bind(index++, payment.totalAmount())
                        .bind(index++, utc(payment.paidAt()));
            }
            return Flux.from(statement.execute())
                    .concatMap(result -> Mono.from(result.getRowsUpdated()))
                    .then();
        });
    }

    /** Oldest first. */
    Mono<List<Payment>> ofOrders(Collection<Long> orderCodes) {
        return database.sql(OF_ORDERS)
                .bind("orderCodes", orderCodes)
                .map(PaymentBooks::read)
                .all()
                .collectList();
    }

    Mono<List<Payment>> withTradeNos(Collection<String> tradeNos) {
        return database.sql(WITH_TRADE_NOS)
                .bind("tradeNos", tradeNos)
                .map(PaymentBooks::read)
                .all()
                .collectList();
    }

    /** Payments from the first moment to before the second. */
    Mono<List<Payment>> between(Instant from, Instant until) {
        return database.sql(OF_A_TIME)
                .bind("from", utc(from))
                .bind("until", utc(until))
                .map(PaymentBooks::read)
                .all()
                .collectList();
    }

    private static Payment read(Readable row) {
        return new Payment(
                required(row, "trade_no", String.class),
                required(row, "order_code", Long.class),
                required(row, "total_amount", BigDecimal.class),
                requiredTime(row, "paid_at"));
    }
}
