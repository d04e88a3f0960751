package io.giftorders.order;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;

import io.giftorders.database.Shield;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads orders. */
@Component
public class Orders {

    private static final String ITEMS = """
            SELECT o.order_code, o.uid, o.total_count, o.total_amount, o.status, o.created_at,
                   i.goods_id, i.counts, i.price
              FROM %s o JOIN order_item i ON i.order_code = o.order_code
            """;

    private static final String ORDER_BY = " ORDER BY o.order_code DESC, i.goods_id";

    private static final String FIND =
            ITEMS.formatted("orders") + " WHERE o.order_code = :orderCode AND o.uid = :uid" + ORDER_BY;

    private static final String WITH_CODES =
            ITEMS.formatted("orders") + " WHERE o.order_code IN (:orderCodes)" + ORDER_BY;

    /** The page is cut before the items are joined: its limit counts orders. */
    private static final String PAGE = ITEMS.formatted("""
                    (SELECT order_code, uid, total_count, total_amount, status, created_at FROM orders
                      WHERE uid = :uid AND order_code < :before ORDER BY order_code DESC LIMIT :limit)
                    """) + ORDER_BY;

    private final DatabaseClient database;

    public Orders(DatabaseClient database) {
        this.database = database;
    }

    /** The buyer's order, or empty. */
    Mono<Order> find(long uid, long orderCode) {
        return database.sql(FIND)
                .bind("orderCode", orderCode)
                .bind("uid", uid)
                .map(Row::read)
                .all()
                .as(Orders::gather)
                .next()
                .as(Shield::around);
    }

    /** The buyer's orders with a code below {@code before}, newest first; at most {@code limit} of them. */
    Mono<List<Order>> page(long uid, long before, int limit) {
        return database.sql(PAGE)
                .bind("uid", uid)
                .bind("before", before)
                .bind("limit", limit)
                .map(Row::read)
                .all()
                .as(Orders::gather)
                .collectList()
                .as(Shield::around);
    }

    /** The orders with these codes, inside the caller's transaction. */
    public Mono<List<Order>> withCodes(Collection<Long> orderCodes) {
        return database.sql(WITH_CODES)
                .bind("orderCodes", orderCodes)
                .map(Row::read)
                .all()
                .as(Orders::gather)
                .collectList();
    }

    private static Flux<Order> gather(Flux<Row> rows) {
        return rows.bufferUntilChanged(Row::orderCode).map(Row::order);
    }

    /** An item with the order it belongs to. */
    private record Row(
            long orderCode,
            long uid,
            int totalCount,
            BigDecimal totalAmount,
            int status,
            Instant createdAt,
            OrderItem item) {

        static Row read(Readable row) {
            return new Row(
                    required(row, "order_code", Long.class),
                    required(row, "uid", Long.class),
                    required(row, "total_count", Integer.class),
                    required(row, "total_amount", BigDecimal.class),
                    required(row, "status", Integer.class),
                    requiredTime(row, "created_at"),
                    new OrderItem(
                            required(row, "goods_id", Long.class),
                            required(row, "counts", Integer.class),
                            required(row, "price", BigDecimal.class)));
        }

        static Order order(List<Row> rows) {
            Row first = rows.get(0);
            List<OrderItem> items = rows.stream().map(Row::item).toList();
            return new Order(
                    first.orderCode,
                    first.uid,
                    first.totalCount,
                    first.totalAmount,
                    OrderStatus.of(first.status),
                    first.createdAt,
                    items);
        }
    }
}
