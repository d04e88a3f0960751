package io.giftorders.payment;

import static io.giftorders.database.Columns.required;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.database.Transactions;
import io.giftorders.order.lifecycle.Transitions;
import io.giftorders.payment.alipay.Trade;
import io.giftorders.problem.Unavailable;
import io.giftorders.work.Lane;
import io.giftorders.work.Pending;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The one place where a paid trade becomes an order's payment, whoever told of it: a notify, a query or the bill. Trades
 * that are told at the same time share a transaction, as orders do; telling the same one again changes nothing.
 */
@Component
class Settlement {

    /** Trades in one transaction. Chosen: as many as orders in a batch. */
    private static final int MAX_BATCH = 256;

    /** Chosen: Alipay tells it again; longer than this it does not wait for an answer. */
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** In code order, everywhere, so that two transactions cannot deadlock. */
    private static final String LOCK_ORDERS = """
            SELECT order_code, status, total_amount FROM orders
             WHERE order_code IN (:orderCodes) ORDER BY order_code FOR UPDATE
            """;

    private static final int AWAITING_PAYMENT = 1;

    private final Transactions transactions;
    private final DatabaseClient database;
    private final Transitions transitions;
    private final PaymentBooks payments;
    private final SingleSettlement single;
    private final PaymentMetrics metrics;
    private final int maxPending;
    private final AtomicInteger pending = new AtomicInteger();
    private final Lane<PendingTrade> lane = new Lane<>(
            MAX_BATCH, DEADLINE.toNanos(), claimed -> pending.decrementAndGet(), Settlement::refuse, this::commit);

    Settlement(
            Transactions lifecycleTransactions,
            Transitions transitions,
            PaymentBooks payments,
            SingleSettlement single,
            PaymentMetrics metrics,
            PaymentProperties properties) {
        this.transactions = lifecycleTransactions;
        this.database = lifecycleTransactions.database();
        this.transitions = transitions;
        this.payments = payments;
        this.single = single;
        this.metrics = metrics;
        this.maxPending = properties.maxPending();
    }

    /** What became of a paid trade. */
    enum Outcome {
        /** Its order is paid by it, and awaits shipment. */
        SETTLED,
        /** It was settled before. */
        KNOWN,
        /** Its order had closed; its pieces were still there, and it is paid now. */
        REVIVED,
        /** Its order had closed and its pieces are gone: the money goes back. */
        LATE,
        /** Its order was paid already: the money goes back. */
        DOUBLE,
        /** It does not fit its order, or there is none: written down for the operator. */
        MISMATCH
    }

    /**
     * Settles a trade that Alipay said is paid. Nothing happens before subscription; a cancel does not undo it.
     *
     * @param trade with state PAID or FINISHED, verified
     * @return what became of it, committed; fails with {@link Unavailable} where it should be told again
     */
    Mono<Outcome> settle(Trade trade) {
        return Mono.<Outcome>create(sink -> enqueue(trade, sink)).doOnNext(metrics::settled);
    }

    private void enqueue(Trade trade, MonoSink<Outcome> sink) {
        if (pending.incrementAndGet() > maxPending) {
            pending.decrementAndGet();
            sink.error(overloaded());
        } else {
            lane.add(new PendingTrade(trade, sink));
        }
    }

    private static void refuse(PendingTrade late) {
        late.sink().error(overloaded());
    }

    private static Unavailable overloaded() {
        return new Unavailable("overloaded", "Too many payments at once.", Duration.ofSeconds(1));
    }

    private Mono<Void> commit(List<PendingTrade> batch) {
        if (batch.isEmpty()) {
            return Mono.empty();
        }
        return transactions
                .run(() -> settleTogether(batch))
                .onErrorResume(Settlement::isNotTemporary, refused -> Mono.just(Map.of()))
                .flatMap(outcomes -> tell(batch, outcomes))
                .onErrorResume(failure -> Mono.fromRunnable(
                        () -> batch.forEach(entry -> entry.sink().error(asAnswer(failure)))));
    }

    private static boolean isNotTemporary(Throwable failure) {
        return !DatabaseFailure.of(failure).isTemporary();
    }

    private static Throwable asAnswer(Throwable failure) {
        return DatabaseFailure.of(failure).isTemporary() ? Unavailable.database() : failure;
    }

    /** Settles the plain ones: the first payment of an unpaid order, with its amount. Leaves out every other. */
    private Mono<Map<PendingTrade, Outcome>> settleTogether(List<PendingTrade> batch) {
        List<Long> codes = batch.stream()
                .map(PendingTrade::orderCode)
                .filter(code -> code > 0)
                .distinct()
                .toList();
        if (codes.isEmpty()) {
            return Mono.just(Map.of());
        }
        return database.sql(LOCK_ORDERS)
                .bind("orderCodes", codes)
                .map(row -> new Unpaid(
                        required(row, "order_code", Long.class),
                        required(row, "status", Integer.class) == AWAITING_PAYMENT,
                        required(row, "total_amount", BigDecimal.class)))
                .all()
                .collectMap(Unpaid::orderCode)
                .zipWhen(orders -> payments.ofOrders(codes))
                .flatMap(read -> write(plain(batch, read.getT1(), read.getT2())));
    }

    private record Unpaid(long orderCode, boolean unpaid, BigDecimal totalAmount) {}

    private static Map<PendingTrade, Outcome> plain(
            List<PendingTrade> batch, Map<Long, Unpaid> orders, List<Payment> before) {
        Map<Long, String> payers = new HashMap<>();
        before.forEach(payment -> payers.put(payment.orderCode(), payment.tradeNo()));
        Map<PendingTrade, Outcome> outcomes = new HashMap<>();
        for (PendingTrade entry : batch) {
            Trade trade = entry.trade();
            String payer = payers.get(entry.orderCode());
            Unpaid order = orders.get(entry.orderCode());
            if (payer != null && payer.equals(trade.tradeNo())) {
                outcomes.put(entry, Outcome.KNOWN);
            } else if (payer == null && order != null && order.unpaid() && fits(trade, order.totalAmount())) {
                outcomes.put(entry, Outcome.SETTLED);
                payers.put(entry.orderCode(), trade.tradeNo());
            }
        }
        return outcomes;
    }

    /** Whether the trade has a number and is about this amount. */
    static boolean fits(Trade trade, BigDecimal totalAmount) {
        return trade.tradeNo() != null
                && trade.totalAmount() != null
                && trade.totalAmount().compareTo(totalAmount) == 0;
    }

    private Mono<Map<PendingTrade, Outcome>> write(Map<PendingTrade, Outcome> outcomes) {
        List<Payment> settled = outcomes.entrySet().stream()
                .filter(entry -> entry.getValue() == Outcome.SETTLED)
                .map(entry -> entry.getKey().payment())
                .sorted(Comparator.comparingLong(Payment::orderCode))
                .toList();
        if (settled.isEmpty()) {
            return Mono.just(outcomes);
        }
        Map<Long, Instant> paidAt = settled.stream().collect(Collectors.toMap(Payment::orderCode, Payment::paidAt));
        return payments.insert(settled)
                .then(Mono.defer(() -> transitions.pay(paidAt)))
                .thenReturn(outcomes);
    }

    private Mono<Void> tell(List<PendingTrade> batch, Map<PendingTrade, Outcome> outcomes) {
        List<PendingTrade> others = new ArrayList<>();
        for (PendingTrade entry : batch) {
            Outcome outcome = outcomes.get(entry);
            if (outcome == null) {
                others.add(entry);
            } else {
                entry.sink().success(outcome);
            }
        }
        return settleOneByOne(others);
    }

    private Mono<Void> settleOneByOne(Collection<PendingTrade> others) {
        return Flux.fromIterable(others)
                .concatMap(entry -> single.settle(entry.trade())
                        .doOnNext(entry.sink()::success)
                        .onErrorResume(
                                failure -> Mono.fromRunnable(() -> entry.sink().error(asAnswer(failure)))))
                .then();
    }

    /** A paid trade in the queue, and who told of it. */
    private static final class PendingTrade extends Pending {

        private final Trade trade;
        private final MonoSink<Outcome> sink;

        PendingTrade(Trade trade, MonoSink<Outcome> sink) {
            this.trade = trade;
            this.sink = sink;
        }

        Trade trade() {
            return trade;
        }

        MonoSink<Outcome> sink() {
            return sink;
        }

        long orderCode() {
            return OrderNumbers.orderCode(trade.outTradeNo());
        }

        Payment payment() {
            return new Payment(
                    Objects.requireNonNull(trade.tradeNo()),
                    orderCode(),
                    Objects.requireNonNull(trade.totalAmount()),
                    Objects.requireNonNullElseGet(trade.paidAt(), Instant::now));
        }
    }
}
