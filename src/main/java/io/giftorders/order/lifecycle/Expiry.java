package io.giftorders.order.lifecycle;

import static io.giftorders.database.Columns.required;

import io.giftorders.order.Order;
import io.giftorders.order.OrderStatus;
import io.giftorders.order.Orders;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Finishes orders whose time has come and that nobody has to be asked about: those that never had a pay link, which nobody
 * can have paid, and those that were shipped long ago. Many to a transaction: in a sale, orders expire as fast as they came.
 */
@Component
class Expiry {

    /** Orders in one transaction. Chosen: a hot gift's row is locked for some milliseconds of it. */
    private static final int BATCH = 100;

    /** What another instance has locked, it is finishing: it is passed over. */
    private static final String DUE = """
            SELECT order_code FROM orders
             WHERE ask_first = 0 AND due_at <= UTC_TIMESTAMP(6)
             ORDER BY due_at LIMIT :batch FOR UPDATE SKIP LOCKED
            """;

    private final DatabaseClient database;
    private final Orders orders;
    private final Transitions transitions;
    private final LifecycleMetrics metrics;

    Expiry(Transitions transitions, LifecycleMetrics metrics) {
        this.database = transitions.transactions().database();
        this.orders = new Orders(database);
        this.transitions = transitions;
        this.metrics = metrics;
    }

    /** Finishes some that are due, and says whether there may be more. */
    Mono<Boolean> finishSome() {
        return transitions.run(this::finishBatch).doOnNext(this::count).map(finished -> finished.size() == BATCH);
    }

    private Mono<List<Order>> finishBatch() {
        return database.sql(DUE)
                .bind("batch", BATCH)
                .map(row -> required(row, "order_code", Long.class))
                .all()
                .collectList()
                .filter(codes -> !codes.isEmpty())
                .flatMap(orders::withCodes)
                .delayUntil(due -> transitions.close(with(OrderStatus.AWAITING_PAYMENT, due)))
                .delayUntil(due -> transitions.receive(with(OrderStatus.AWAITING_RECEIPT, due).stream()
                        .map(Order::orderCode)
                        .toList()))
                .defaultIfEmpty(List.of());
    }

    private static List<Order> with(OrderStatus status, List<Order> due) {
        return due.stream().filter(order -> order.status() == status).toList();
    }

    private void count(List<Order> finished) {
        metrics.closed("expired", with(OrderStatus.AWAITING_PAYMENT, finished).size());
    }
}
