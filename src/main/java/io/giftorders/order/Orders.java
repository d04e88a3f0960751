package io.giftorders.order;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;
import static io.giftorders.database.Columns.time;

import io.giftorders.database.Shield;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
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
            SELECT o.order_code, o.uid, o.total_count, o.total_amount, o.status, o.created_at, o.expires_at,
                   o.pay_link_at, o.closing_at, o.paid_at, o.shipped_at,
                   i.goods_id, i.counts, i.price, i.returned, i.refunded
              FROM %s o JOIN order_item i ON i.order_code = o.order_code
            """;

    private static final String ORDER_BY = " ORDER BY o.order_code DESC, i.goods_id";

    private static final String FIND =
            ITEMS.formatted("orders") + " WHERE o.order_code = :orderCode AND o.uid = :uid" + ORDER_BY;

    private static final String WITH_CODES =
            ITEMS.formatted("orders") + " WHERE o.order_code IN (:orderCodes)" + ORDER_BY;

    /** The page is cut before the items are joined: its limit counts orders. */
    private static final String PAGE = ITEMS.formatted("""
                    (SELECT order_code, uid, total_count, total_amount, status, created_at, expires_at,
                            pay_link_at, closing_at, paid_at, shipped_at
                       FROM orders
                      WHERE uid = :uid AND order_code < :before ORDER BY order_code DESC LIMIT :limit)
                    """) + ORDER_BY;

    /** Nobody else changes the order until the caller's transaction ends. */
    private static final String LOCK =
            ITEMS.formatted("orders") + " WHERE o.order_code = :orderCode" + ORDER_BY + " FOR UPDATE";

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

    /** The order with this code, whoever's it is; or empty. */
    public Mono<Order> withCode(long orderCode) {
        return withCodes(List.of(orderCode)).flatMapIterable(found -> found).next();
    }

    /** The order, locked until the caller's transaction ends; or empty. */
    public Mono<Order> lock(long orderCode) {
        return database.sql(LOCK)
                .bind("orderCode", orderCode)
                .map(Row::read)
                .all()
                .as(Orders::gather)
                .next();
    }

    private static Flux<Order> gather(Flux<Row> rows) {
        return rows.bufferUntilChanged(Row::orderCode).map(Row::together);
    }

    /** An item with the order it belongs to, as if that had no other. */
    private record Row(Order order, OrderItem item) {

        static Row read(Readable row) {
            OrderItem item = new OrderItem(
                    required(row, "goods_id", Long.class),
                    required(row, "counts", Integer.class),
                    required(row, "price", BigDecimal.class),
                    required(row, "returned", Integer.class),
                    required(row, "refunded", Integer.class));
            Order order = new Order(
                    required(row, "order_code", Long.class),
                    required(row, "uid", Long.class),
                    required(row, "total_count", Integer.class),
                    required(row, "total_amount", BigDecimal.class),
                    OrderStatus.of(required(row, "status", Integer.class)),
                    requiredTime(row, "created_at"),
                    requiredTime(row, "expires_at"),
                    time(row, "pay_link_at"),
                    time(row, "closing_at"),
                    time(row, "paid_at"),
                    time(row, "shipped_at"),
                    List.of(item));
            return new Row(order, item);
        }

        long orderCode() {
            return order.orderCode();
        }

        static Order together(List<Row> rows) {
            return rows.get(0).order.with(rows.stream().map(Row::item).toList());
        }
    }
}
