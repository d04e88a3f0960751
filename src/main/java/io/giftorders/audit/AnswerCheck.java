package io.giftorders.audit;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;

import io.giftorders.audit.Answer.Sending;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares what buyers were answered with the orders in the books. Every acknowledged order must be there. An order that is
 * there must have been acknowledged, or an answer under its key must leave open what became of it. Orders of buyers who are
 * not in the file are not looked at.
 */
final class AnswerCheck {

    static final String LOST_ORDER = "lost-order";
    static final String UNEXPECTED_ORDER = "unexpected-order";
    static final String TWO_ORDERS = "two-orders";

    /** Buyers are written into the statement: numbers cannot carry SQL. */
    private static final String ORDERS =
            "SELECT order_code, uid, idempotency_key, created_at FROM orders WHERE uid IN (%s)";

    /** Chosen: a statement of 20 KB. */
    private static final int BUYERS_OF_A_STATEMENT = 1_000;

    private final DatabaseClient database;
    private final @Nullable Instant since;
    private final List<Long> buyers;
    private final Set<Acknowledgement> acknowledged = new LinkedHashSet<>();
    private final Set<Acknowledgement> missing;
    private final Map<Sending, Integer> unknown = new HashMap<>();
    private final Set<Sending> sent = new HashSet<>();

    AnswerCheck(DatabaseClient database, Answers answers, @Nullable Instant since) {
        this.database = database;
        this.since = since;
        this.buyers = answers.all().stream()
                .map(answer -> answer.sending().uid())
                .distinct()
                .toList();
        answers.all().forEach(this::hear);
        this.missing = new LinkedHashSet<>(acknowledged);
    }

    private record Acknowledgement(Sending sending, long orderCode) {}

    /** Call it once. */
    Flux<Difference> run() {
        return twoOrders()
                .concatWith(Flux.fromIterable(buyers)
                        .buffer(BUYERS_OF_A_STATEMENT)
                        .concatMap(this::orders)
                        .concatMap(this::unexpected))
                .concatWith(Flux.defer(this::lost));
    }

    private void hear(Answer answer) {
        sent.add(answer.sending());
        if (answer.acknowledged() && answer.orderCode() != null) {
            acknowledged.add(new Acknowledgement(answer.sending(), answer.orderCode()));
        }
        if (answer.unknown()) {
            unknown.merge(answer.sending(), 1, Integer::sum);
        }
    }

    private Flux<Difference> twoOrders() {
        Map<Sending, Long> first = new HashMap<>();
        List<Difference> found = new ArrayList<>();
        for (Acknowledgement one : acknowledged) {
            Long other = one.sending().key() == null ? null : first.putIfAbsent(one.sending(), one.orderCode());
            if (other != null) {
                found.add(new Difference(
                        TWO_ORDERS,
                        one.orderCode(),
                        "Acknowledged to " + one.sending() + ", as order " + other + " was."));
            }
        }
        return Flux.fromIterable(found);
    }

    private Flux<PlacedOrder> orders(List<Long> some) {
        String uids = some.stream().map(String::valueOf).collect(Collectors.joining(","));
        return database.sql(ORDERS.formatted(uids)).map(PlacedOrder::read).all();
    }

    private Mono<Difference> unexpected(PlacedOrder order) {
        Acknowledgement right = new Acknowledgement(order.sending(), order.orderCode());
        missing.remove(right);
        boolean old = since != null && order.createdAt().isBefore(since);
        if (old || acknowledged.contains(right) || mayHaveBecome(order.sending())) {
            return Mono.empty();
        }
        String why = sent.contains(order.sending())
                ? "The answers to " + order.sending() + " say that it was not placed."
                : "Nobody sent it: it is of " + order.sending() + ".";
        return Mono.just(new Difference(UNEXPECTED_ORDER, order.orderCode(), why));
    }

    /** Each answer that leaves it open accounts for one order. */
    private boolean mayHaveBecome(Sending sending) {
        return unknown.merge(sending, -1, Integer::sum) >= 0;
    }

    private Flux<Difference> lost() {
        return Flux.fromIterable(missing)
                .map(gone -> new Difference(
                        LOST_ORDER,
                        gone.orderCode(),
                        "Acknowledged to " + gone.sending() + ", and not there as such."));
    }

    private record PlacedOrder(long orderCode, Sending sending, Instant createdAt) {

        static PlacedOrder read(Readable row) {
            return new PlacedOrder(
                    required(row, "order_code", Long.class),
                    new Sending(required(row, "uid", Long.class), row.get("idempotency_key", String.class)),
                    requiredTime(row, "created_at"));
        }
    }
}
