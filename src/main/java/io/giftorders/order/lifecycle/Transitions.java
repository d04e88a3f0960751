package io.giftorders.order.lifecycle;

import static io.giftorders.database.Columns.text;
import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.giftorders.database.Transactions;
import io.giftorders.order.Order;
import io.giftorders.order.OrderItem;
import io.giftorders.order.OrderStatus;
import io.giftorders.order.Orders;
import io.giftorders.order.lifecycle.Stock.Pieces;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Every change of an order's status, with what it does to the stock. All of it inside the caller's transaction, of the
 * {@link Transactions} that it was made for, on orders that the transaction has locked.
 */
public final class Transitions {

    /**
     * From now on somebody may be paying. The order is due earlier, to be asked about; that is set first, because the
     * columns are set one after the other.
     */
    private static final String PAYABLE = """
            UPDATE orders
               SET due_at = CASE WHEN pay_link_at IS NULL
                                 THEN LEAST(due_at, UTC_TIMESTAMP(6) + INTERVAL :firstCheckSeconds SECOND)
                                 ELSE due_at END,
                   ask_first = 1,
                   pay_link_at = COALESCE(pay_link_at, UTC_TIMESTAMP(6))
             WHERE order_code = :orderCode AND status = 1 AND closing_at IS NULL
               AND expires_at > UTC_TIMESTAMP(6) + INTERVAL :minSeconds SECOND
            """;

    /**
     * From now on the order gets no pay link, and this instance has it for a while. Again, it brings the next look forward but
     * never puts it off, or whoever repeats it would hold the pieces for nothing. {@code due_at} is set first, because the
     * columns are set one after the other.
     */
    private static final String GIVE_UP = """
            UPDATE orders
               SET due_at = CASE WHEN closing_at IS NULL
                                 THEN UTC_TIMESTAMP(6) + INTERVAL :leaseMicros MICROSECOND
                                 ELSE LEAST(due_at, UTC_TIMESTAMP(6) + INTERVAL :leaseMicros MICROSECOND) END,
                   closing_at = COALESCE(closing_at, UTC_TIMESTAMP(6))
             WHERE order_code = :orderCode AND status = 1
            """;

    /** Compare and set: whoever comes second changes nothing. */
    private static final String PAID = """
            UPDATE orders SET status = 2, paid_at = %s, closing_at = NULL, due_at = NULL
             WHERE order_code = %d AND status = %d\
            """;

    private static final String LOOK_NOW = """
            UPDATE orders SET due_at = UTC_TIMESTAMP(6)
             WHERE order_code = :orderCode AND status = 1 AND pay_link_at IS NOT NULL
            """;

    private static final String CLOSED = """
            UPDATE orders SET status = 5, closing_at = COALESCE(closing_at, UTC_TIMESTAMP(6)), due_at = NULL
             WHERE order_code IN (:orderCodes) AND status = 1
            """;

    private static final String ITEMS_RETURNED =
            "UPDATE order_item SET returned = counts WHERE order_code IN (:orderCodes)";

    private static final String ITEMS_TAKEN = "UPDATE order_item SET returned = 0 WHERE order_code = :orderCode";

    private static final String SHIPPED = """
            UPDATE orders
               SET status = 3, shipped_at = UTC_TIMESTAMP(6), ask_first = 0,
                   due_at = UTC_TIMESTAMP(6) + INTERVAL :receiveAfterSeconds SECOND
             WHERE order_code = :orderCode AND status = 2
            """;

    private static final String RECEIVED =
            "UPDATE orders SET status = 4, due_at = NULL WHERE order_code IN (:orderCodes) AND status = 3";

    private static final String ITEM_REFUNDED = """
            UPDATE order_item SET refunded = refunded + :pieces, returned = returned + :returned
             WHERE order_code = :orderCode AND goods_id = :goodsId AND refunded + :pieces <= counts
            """;

    private static final String REFUNDED = """
            UPDATE orders SET status = 6, due_at = NULL WHERE order_code = :orderCode AND status IN (2, 3, 4)
            """;

    private final Transactions transactions;
    private final DatabaseClient database;
    private final Orders orders;
    private final Stock stock;
    private final LifecycleProperties properties;
    private final Changes.Readers readers;

    Transitions(Transactions transactions, LifecycleProperties properties, Changes.Readers readers) {
        this.transactions = transactions;
        this.database = transactions.database();
        this.orders = new Orders(database);
        this.stock = new Stock(database);
        this.properties = properties;
        this.readers = readers;
    }

    /** Runs work in the kind of transaction that these changes belong to; see {@link Transactions#run}. */
    public <T> Mono<T> run(Supplier<Mono<T>> work) {
        return Changes.told(readers, () -> transactions.run(work));
    }

    /** For statements of others that belong to the same transactions. */
    public Transactions transactions() {
        return transactions;
    }

    /** The order, locked until the transaction ends; or empty. */
    public Mono<Order> lock(long orderCode) {
        return orders.lock(orderCode);
    }

    /**
     * Expects a payment: call it before a pay link is given.
     *
     * @param minTime how long the order must be payable still
     * @return whether it may be paid
     */
    public Mono<Boolean> expectPayment(long orderCode, Duration minTime) {
        return database.sql(PAYABLE)
                .bind("firstCheckSeconds", properties.firstPaymentCheck().toSeconds())
                .bind("minSeconds", minTime.toSeconds())
                .bind("orderCode", orderCode)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /** Gives up an order that somebody may be paying for. */
    Mono<Void> giveUp(Order order) {
        return database.sql(GIVE_UP)
                .bind("leaseMicros", MICROSECONDS.convert(properties.lease()))
                .bind("orderCode", order.orderCode())
                .then()
                .then(Changes.ofOrders(List.of(order.orderCode())));
    }

    /** Has an unpaid order asked about at once. */
    public Mono<Void> lookNow(long orderCode) {
        return database.sql(LOOK_NOW).bind("orderCode", orderCode).then();
    }

    /**
     * 1 to 2, in one round trip.
     *
     * @param paidAt by order code
     */
    public Mono<Void> pay(Map<Long, Instant> paidAt) {
        return paid(paidAt, OrderStatus.AWAITING_PAYMENT);
    }

    /**
     * 5 to 2, if the pieces are still there and the buyer may have them.
     *
     * @return whether it was revived; else nothing changed
     */
    public Mono<Boolean> revive(Order closed, Instant paidAt) {
        return stock.takeAgain(closed)
                .filter(taken -> taken)
                .flatMap(taken -> database.sql(ITEMS_TAKEN)
                        .bind("orderCode", closed.orderCode())
                        .then()
                        .then(Mono.defer(() -> paid(Map.of(closed.orderCode(), paidAt), OrderStatus.CLOSED)))
                        .then(Changes.ofGifts(
                                closed.items().stream().map(OrderItem::goodsId).toList()))
                        .thenReturn(true))
                .defaultIfEmpty(false);
    }

    /** Numbers and times of our own cannot carry SQL. */
    private Mono<Void> paid(Map<Long, Instant> paidAt, OrderStatus before) {
        String statements = paidAt.entrySet().stream()
                .map(entry -> PAID.formatted(text(entry.getValue()), entry.getKey(), before.code()))
                .collect(Collectors.joining(";"));
        return database.inConnection(connection -> Flux.from(
                                connection.createStatement(statements).execute())
                        .concatMap(result -> Mono.from(result.getRowsUpdated()))
                        .reduce(0L, Long::sum)
                        .flatMap(rows -> exactly(paidAt.size(), rows)))
                .then(Changes.ofOrders(paidAt.keySet()));
    }

    /** 1 to 5; the pieces go back. Call it only once nobody can pay any more. */
    Mono<Void> close(List<Order> unpaid) {
        if (unpaid.isEmpty()) {
            return Mono.empty();
        }
        List<Long> codes = unpaid.stream().map(Order::orderCode).toList();
        List<Pieces> held =
                unpaid.stream().flatMap(order -> Pieces.heldBy(order).stream()).toList();
        return database.sql(CLOSED)
                .bind("orderCodes", codes)
                .fetch()
                .rowsUpdated()
                .flatMap(rows -> exactly(codes.size(), rows))
                .then(Mono.defer(() ->
                        database.sql(ITEMS_RETURNED).bind("orderCodes", codes).then()))
                .then(Mono.defer(() -> giveBack(held)))
                .then(Changes.ofOrders(codes));
    }

    /** 2 to 3. */
    Mono<Void> ship(long orderCode) {
        return database.sql(SHIPPED)
                .bind("orderCode", orderCode)
                .bind("receiveAfterSeconds", properties.receiveAfter().toSeconds())
                .fetch()
                .rowsUpdated()
                .flatMap(rows -> exactly(1, rows))
                .then(Changes.ofOrders(List.of(orderCode)));
    }

    /** 3 to 4. */
    Mono<Void> receive(Collection<Long> orderCodes) {
        return orderCodes.isEmpty()
                ? Mono.empty()
                : database.sql(RECEIVED)
                        .bind("orderCodes", orderCodes)
                        .fetch()
                        .rowsUpdated()
                        .flatMap(rows -> exactly(orderCodes.size(), rows))
                        .then(Changes.ofOrders(orderCodes));
    }

    /**
     * Takes pieces out of a paid order: their price is to be paid back, and they go back to the stock if they never left.
     * An order without pieces is refunded (6).
     *
     * @param pieces by gift, at least one each and no more than {@link #refundable} says
     * @return what is to be paid back, yuan
     */
    public Mono<BigDecimal> refund(Order paid, Map<Long, Integer> pieces) {
        List<OrderItem> refunded = paid.items().stream()
                .filter(item -> pieces.containsKey(item.goodsId()))
                .toList();
        BigDecimal amount = refunded.stream()
                .map(item -> item.price().multiply(BigDecimal.valueOf(pieces.getOrDefault(item.goodsId(), 0))))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        boolean inTheHouse = paid.status() == OrderStatus.AWAITING_SHIPMENT;
        List<Pieces> back = refunded.stream()
                .filter(item -> inTheHouse)
                .map(item -> new Pieces(item.goodsId(), paid.uid(), pieces.getOrDefault(item.goodsId(), 0)))
                .toList();
        return Flux.fromIterable(refunded)
                .concatMap(item -> refundItem(
                        paid.orderCode(), item.goodsId(), pieces.getOrDefault(item.goodsId(), 0), inTheHouse))
                .then(Mono.defer(() -> pieces.equals(refundable(paid)) ? refunded(paid) : Mono.empty()))
                .then(Mono.defer(() -> giveBack(back)))
                .then(Changes.ofOrders(List.of(paid.orderCode())))
                .thenReturn(amount);
    }

    private Mono<Void> giveBack(List<Pieces> pieces) {
        return stock.giveBack(pieces)
                .then(Changes.ofGifts(pieces.stream().map(Pieces::giftId).toList()));
    }

    /** Pieces by gift that are not paid back yet. */
    public static Map<Long, Integer> refundable(Order order) {
        return order.items().stream()
                .filter(item -> item.counts() > item.refunded())
                .collect(Collectors.toMap(OrderItem::goodsId, item -> item.counts() - item.refunded()));
    }

    private Mono<Void> refundItem(long orderCode, long giftId, int pieces, boolean inTheHouse) {
        return database.sql(ITEM_REFUNDED)
                .bind("orderCode", orderCode)
                .bind("goodsId", giftId)
                .bind("pieces", pieces)
                .bind("returned", inTheHouse ? pieces : 0)
                .fetch()
                .rowsUpdated()
                .flatMap(rows -> exactly(1, rows));
    }

    private Mono<Void> refunded(Order paid) {
        return database.sql(REFUNDED)
                .bind("orderCode", paid.orderCode())
                .fetch()
                .rowsUpdated()
                .flatMap(rows -> exactly(1, rows));
    }

    /** The rows are locked and were read: anything else is a bug, and must not commit. */
    private static Mono<Void> exactly(long expected, long rows) {
        return rows == expected
                ? Mono.empty()
                : Mono.error(new IllegalStateException(rows + " rows changed in place of " + expected));
    }
}
