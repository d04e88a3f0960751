package io.giftorders.order.placement;

import static io.giftorders.database.Columns.text;

import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.Order;
import io.giftorders.order.OrderItem;
import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes what was decided. Rows are built as text from numbers and times of our own, which cannot carry SQL; the one text
 * that a client chose, the idempotency key, is written as a hexadecimal literal, which cannot either.
 */
final class OrderWriter {

    private static final String ORDERS =
            "INSERT INTO orders (order_code, uid, total_count, total_amount, status, created_at, expires_at, due_at,"
                    + " idempotency_key) VALUES ";

    private static final String ITEMS = "INSERT INTO order_item (order_code, goods_id, uid, counts, price) VALUES ";

    private static final String PURCHASES = "INSERT INTO purchase (goods_id, uid, counts, allowed) VALUES ";

    private static final String ADD_TO_PURCHASES =
            " ON DUPLICATE KEY UPDATE counts = counts + VALUES(counts), allowed = VALUES(allowed)";

    private static final String BEYOND_LIMIT = "SELECT COUNT(*) AS rows_found FROM purchase WHERE ";

    private final DatabaseClient database;
    private final StockUpdate stockUpdate;

    OrderWriter(DatabaseClient database, StockUpdate stockUpdate) {
        this.database = database;
        this.stockUpdate = stockUpdate;
    }

    /** Inserts orders and their items in one round trip. */
    Mono<Void> insert(List<Sale> sales) {
        return run(new Script().insert(sales));
    }

    /**
     * Adds to what buyers have of gifts with a limit. The rows are locked by the update, so of two instances the second
     * sees what the first one added; fails with {@link StockConflict} if that is too much now.
     */
    Mono<Void> addPurchases(List<Purchase> purchases) {
        if (purchases.isEmpty()) {
            return Mono.empty();
        }
        String rows = purchases.stream()
                .map(purchase -> "(" + purchase.holding().giftId() + ","
                        + purchase.holding().uid() + "," + purchase.count() + "," + purchase.limit() + ")")
                .collect(Collectors.joining(","));
        String beyond = purchases.stream()
                .map(purchase -> "(goods_id = " + purchase.holding().giftId() + " AND uid = "
                        + purchase.holding().uid() + " AND counts > " + purchase.limit() + ")")
                .collect(Collectors.joining(" OR "));
        return database.sql(PURCHASES + rows + ADD_TO_PURCHASES)
                .then()
                .then(Mono.defer(() -> database.sql(BEYOND_LIMIT + beyond)
                        .map(row -> row.get("rows_found", Long.class))
                        .one()))
                .flatMap(found -> found == 0 ? Mono.empty() : Mono.error(new StockConflict()));
    }

    /**
     * Takes the stock: a conditional update of each gift, in id order. Last of all, so that the rows every buyer wants are
     * locked for that round trip and the COMMIT only.
     *
     * @return empty; fails with {@link StockConflict} if a gift was not as it had to be
     */
    Mono<Void> take(List<Taking> takings) {
        return run(new Script().take(takings));
    }

    /** {@link #insert} and {@link #take} in one round trip together. */
    Mono<Void> insertAndTake(List<Sale> sales, List<Taking> takings) {
        return run(new Script().insert(sales).take(takings));
    }

    private Mono<Void> run(Script script) {
        return script.statements.isEmpty()
                ? Mono.empty()
                : database.inConnection(
                        connection -> Flux.from(script.on(connection).execute())
                                .concatMap(result -> Mono.from(result.getRowsUpdated()))
                                .collectList()
                                .flatMap(script::check));
    }

    /** Statements that travel together. */
    private final class Script {

        private final List<String> statements = new ArrayList<>();
        private int takings;

        Script insert(List<Sale> sales) {
            if (!sales.isEmpty()) {
                statements.add(orders(sales));
                statements.add(items(sales));
            }
            return this;
        }

        Script take(List<Taking> all) {
            if (!all.isEmpty()) {
                statements.add(stockUpdate.statement(all));
                takings = all.size();
            }
            return this;
        }

        Batch on(Connection connection) {
            Batch batch = connection.createBatch();
            statements.forEach(batch::add);
            return batch;
        }

        /** The stock comes last, and each gift's row must have been hit. */
        Mono<Void> check(List<Long> rowsUpdated) {
            boolean allTaken = rowsUpdated.size() == statements.size()
                    && (takings == 0 || rowsUpdated.get(statements.size() - 1) == takings);
            return allTaken ? Mono.empty() : Mono.error(new StockConflict());
        }
    }

    private static String orders(List<Sale> sales) {
        // one batch, one moment: the times are the same in every row
        String createdAt = text(sales.get(0).order().createdAt());
        String expiresAt = text(sales.get(0).order().expiresAt());
        Rows rows = new Rows(ORDERS);
        for (Sale sale : sales) {
            Order order = sale.order();
            IdempotencyKey key = sale.wish().key();
            rows.add(
                    order.orderCode(),
                    order.uid(),
                    order.totalCount(),
                    order.totalAmount(),
                    order.status().code(),
                    createdAt,
                    expiresAt,
                    expiresAt,
                    key == null ? "NULL" : text(key.text()));
        }
        return rows.statement();
    }

    private static String items(List<Sale> sales) {
        Rows rows = new Rows(ITEMS);
        for (Sale sale : sales) {
            Order order = sale.order();
            for (OrderItem item : order.items()) {
                rows.add(order.orderCode(), item.goodsId(), order.uid(), item.counts(), item.price());
            }
        }
        return rows.statement();
    }

    /** An INSERT of at least one row. */
    private static final class Rows {

        private final StringBuilder sql;

        Rows(String insert) {
            this.sql = new StringBuilder(insert);
        }

        void add(Object... values) {
            char before = '(';
            for (Object value : values) {
                sql.append(before).append(value);
                before = ',';
            }
            sql.append("),");
        }

        String statement() {
            return sql.substring(0, sql.length() - 1);
        }
    }
}
