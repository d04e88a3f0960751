package io.giftorders.order.placement;

import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.Order;
import io.giftorders.order.OrderItem;
import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Writes what was decided. Rows are built as text from numbers and times of our own, which cannot carry SQL; the one text
 * that a client chose, the idempotency key, is bound.
 */
final class OrderWriter {

    private static final String ORDERS =
            "INSERT INTO orders (order_code, uid, total_count, total_amount, status, created_at, idempotency_key) VALUES ";

    private static final String ITEMS = "INSERT INTO order_item (order_code, goods_id, uid, counts, price) VALUES ";

    private static final String PURCHASES = "INSERT INTO purchase (goods_id, uid, counts) VALUES ";

    private static final String ADD_TO_PURCHASES = " ON DUPLICATE KEY UPDATE counts = counts + VALUES(counts)";

    private static final String BEYOND_LIMIT = "SELECT COUNT(*) AS rows_found FROM purchase WHERE ";

    private final DatabaseClient database;
    private final StockUpdate stockUpdate;

    OrderWriter(DatabaseClient database, StockUpdate stockUpdate) {
        this.database = database;
        this.stockUpdate = stockUpdate;
    }

    /** Inserts orders and their items, several rows to a statement. */
    Mono<Void> insert(List<Sale> sales) {
        return sales.isEmpty()
                ? Mono.empty()
                : database.inConnection(connection -> run(insertOrders(connection, sales))
                        .then(Mono.defer(() -> run(insertItems(connection, sales)))));
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
                        + purchase.holding().uid() + "," + purchase.count() + ")")
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
     * Takes the stock: a conditional update per gift, in id order, all in one round trip. Last of all, so that the rows
     * every buyer wants are locked for that round trip and the COMMIT only.
     *
     * @return empty; fails with {@link StockConflict} if an update hit no row
     */
    Mono<Void> take(List<Taking> takings) {
        return takings.isEmpty() ? Mono.empty() : database.inConnection(connection -> take(connection, takings));
    }

    private Mono<Void> take(Connection connection, List<Taking> takings) {
        Batch updates = connection.createBatch();
        takings.forEach(taking -> updates.add(stockUpdate.statement(taking)));
        return Flux.from(updates.execute())
                .concatMap(OrderWriter::rowsUpdated)
                .collectList()
                .flatMap(rows ->
                        rows.stream().allMatch(count -> count == 1) ? Mono.empty() : Mono.error(new StockConflict()));
    }

    private static Statement insertOrders(Connection connection, List<Sale> sales) {
        StringBuilder rows = new StringBuilder(ORDERS);
        String createdAt = "'" + LocalDateTime.ofInstant(sales.get(0).order().createdAt(), ZoneOffset.UTC) + "'";
        for (Sale sale : sales) {
            Order order = sale.order();
            rows.append('(')
                    .append(order.orderCode())
                    .append(',')
                    .append(order.uid())
                    .append(',')
                    .append(order.totalCount())
                    .append(',')
                    .append(order.totalAmount().toPlainString())
                    .append(',')
                    .append(order.status().code())
                    .append(',')
                    .append(createdAt)
                    .append(sale.wish().key() == null ? ",NULL)," : ",?),");
        }
        rows.setLength(rows.length() - 1);
        Statement statement = connection.createStatement(rows.toString());
        int index = 0;
        for (Sale sale : sales) {
            IdempotencyKey key = sale.wish().key();
            if (key != null) {
                statement.bind(index++, key.text());
            }
        }
        return statement;
    }

    private static Statement insertItems(Connection connection, List<Sale> sales) {
        StringBuilder rows = new StringBuilder(ITEMS);
        for (Sale sale : sales) {
            Order order = sale.order();
            for (OrderItem item : order.items()) {
                rows.append('(')
                        .append(order.orderCode())
                        .append(',')
                        .append(item.goodsId())
                        .append(',')
                        .append(order.uid())
                        .append(',')
                        .append(item.counts())
                        .append(',')
                        .append(item.price().toPlainString())
                        .append("),");
            }
        }
        rows.setLength(rows.length() - 1);
        return connection.createStatement(rows.toString());
    }

    private static Mono<Void> run(Statement statement) {
        return Flux.from(statement.execute())
                .concatMap(OrderWriter::rowsUpdated)
                .then();
    }

    private static Mono<Long> rowsUpdated(Result result) {
        return Mono.from(result.getRowsUpdated());
    }
}
