package io.giftorders.payment;

import static io.giftorders.database.Columns.required;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.order.OrderStatus;
import io.giftorders.order.lifecycle.Transitions;
import io.giftorders.payment.alipay.Trade;
import io.giftorders.problem.Detail;
import io.giftorders.problem.Unavailable;
import io.giftorders.work.Lane;
import io.giftorders.work.Pending;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
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

    /** What somebody else has locked is settled alone: it may be locked by one that is stuck. */
    private static final String LOCK_ORDERS = """
            SELECT order_code, status, total_amount FROM orders
             WHERE order_code IN (:orderCodes) ORDER BY order_code FOR UPDATE SKIP LOCKED
            """;

    /** Trades that are settled alone at the same time. Chosen: each takes a connection of the four there are. */
    private static final int ALONE_AT_ONCE = 3;

    private final DatabaseClient database;
    private final Transitions transitions;
    private final PaymentBooks payments;
    private final SingleSettlement single;
    private final PaymentMetrics metrics;
    private final int maxPending;
    private final AtomicInteger pending = new AtomicInteger();
    private final Lane<PendingTrade> plain = lane(MAX_BATCH, this::settleTogether);
    private final Lane<PendingTrade> special = lane(ALONE_AT_ONCE, this::settleOneByOne);

    Settlement(
            @Qualifier("settlementTransitions") Transitions transitions,
            SingleSettlement single,
            PaymentMetrics metrics,
            PaymentProperties properties) {
        this.database = transitions.transactions().database();
        this.transitions = transitions;
        this.payments = new PaymentBooks(database);
        this.single = single;
        this.metrics = metrics;
        this.maxPending = properties.maxPending();
    }

    private Lane<PendingTrade> lane(int batch, Function<List<PendingTrade>, Mono<Void>> commit) {
        return new Lane<>(batch, DEADLINE.toNanos(), claimed -> pending.decrementAndGet(), Settlement::refuse, commit);
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
        return Mono.<Outcome>create(sink -> enqueue(plain, trade, sink)).doOnNext(metrics::settled);
    }

    private void enqueue(Lane<PendingTrade> lane, Trade trade, MonoSink<Outcome> sink) {
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
        return new Unavailable("overloaded", Detail.of("overloaded.payments"), Duration.ofSeconds(1));
    }

    private Mono<Void> settleTogether(List<PendingTrade> batch) {
        if (batch.isEmpty()) {
            return Mono.empty();
        }
        return transitions
                .run(() -> settlePlain(batch))
                .onErrorResume(Settlement::isNotTemporary, refused -> Mono.just(Map.of()))
                .doOnNext(outcomes -> tell(batch, outcomes))
                .doOnError(failure -> batch.forEach(entry -> entry.sink().error(asAnswer(failure))))
                .onErrorComplete()
                .then();
    }

    private static boolean isNotTemporary(Throwable failure) {
        return !DatabaseFailure.of(failure).isTemporary();
    }

    private static Throwable asAnswer(Throwable failure) {
        return DatabaseFailure.of(failure).isTemporary() ? Unavailable.database() : failure;
    }

    /** Settles the plain ones: the first payment of an unpaid order, with its amount. Leaves out every other. */
    private Mono<Map<PendingTrade, Outcome>> settlePlain(List<PendingTrade> batch) {
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
                        required(row, "status", Integer.class) == OrderStatus.AWAITING_PAYMENT.code(),
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

    /** What is left over goes to the other lane, so that nothing that is the matter with it holds up the plain ones. */
    private void tell(List<PendingTrade> batch, Map<PendingTrade, Outcome> outcomes) {
        for (PendingTrade entry : batch) {
            Outcome outcome = outcomes.get(entry);
            if (outcome == null) {
                enqueue(special, entry.trade(), entry.sink());
            } else {
                entry.sink().success(outcome);
            }
        }
    }

    private Mono<Void> settleOneByOne(List<PendingTrade> batch) {
        return Flux.fromIterable(batch)
                .flatMap(
                        entry -> single.settle(entry.trade())
                                .doOnNext(entry.sink()::success)
                                .onErrorResume(failure ->
                                        Mono.fromRunnable(() -> entry.sink().error(asAnswer(failure)))),
                        ALONE_AT_ONCE)
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
            return Payment.of(orderCode(), trade);
        }
    }
}
