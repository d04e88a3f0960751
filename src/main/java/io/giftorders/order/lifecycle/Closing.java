package io.giftorders.order.lifecycle;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;
import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.order.Order;
import io.giftorders.order.OrderStatus;
import io.giftorders.order.Orders;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks after unpaid orders that have a pay link: whether somebody paid without our hearing of it, and, where an order
 * expired or its buyer gave it up, that nobody can pay any more; only then do its pieces go back.
 *
 * <p>Payment is asked outside any transaction. Meanwhile the instance that asks has the order for a while (its
 * {@code due_at} is put off), so that others ask about others; when it dies, the order is due again.
 */
@Component
class Closing {

    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    /** Orders that a round asks about at once. Chosen: four rounds together take half of payment's threads. */
    private static final int AT_ONCE = 4;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final String DUE = """
            SELECT order_code, UTC_TIMESTAMP(6) AS now FROM orders
             WHERE ask_first = 1 AND due_at <= UTC_TIMESTAMP(6)
             ORDER BY due_at LIMIT :batch FOR UPDATE SKIP LOCKED
            """;

    private static final String CLAIM = """
            UPDATE orders
               SET due_at = UTC_TIMESTAMP(6) + INTERVAL :leaseMicros MICROSECOND,
                   closing_at = CASE WHEN closing_at IS NULL AND expires_at <= UTC_TIMESTAMP(6)
                                     THEN UTC_TIMESTAMP(6) ELSE closing_at END
             WHERE order_code IN (:orderCodes)
            """;

    private static final String PUT_OFF = """
            UPDATE orders SET due_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND
             WHERE order_code = :orderCode AND status = 1
            """;

    private final DatabaseClient database;
    private final Orders orders;
    private final Transitions transitions;
    private final Payments payments;
    private final LifecycleProperties properties;
    private final LifecycleMetrics metrics;

    Closing(Transitions transitions, Payments payments, LifecycleProperties properties, LifecycleMetrics metrics) {
        this.database = transitions.transactions().database();
        this.orders = new Orders(database);
        this.transitions = transitions;
        this.payments = payments;
        this.properties = properties;
        this.metrics = metrics;
    }

    /** An order this instance has for a while. */
    private record Claimed(Order order, Instant now) {

        boolean isClosing() {
            return order.closingAt() != null || !order.expiresAt().isAfter(now);
        }
    }

    /** Asks about some orders that are due, and says whether there may be more. */
    Mono<Boolean> askSome() {
        return transitions
                .run(this::claimSome)
                .delayUntil(claimed -> Flux.fromIterable(claimed).flatMap(one -> ask(one, "expired"), AT_ONCE))
                .map(claimed -> claimed.size() == AT_ONCE);
    }

    /**
     * Asks about one order at once: its buyer gave it up. Never fails: what cannot be decided now is decided later.
     *
     * @param order locked and claimed by {@link Transitions#giveUp} in the transaction before
     */
    Mono<Void> askNow(Order order) {
        return ask(new Claimed(order, Instant.now()), "cancelled");
    }

    private Mono<List<Claimed>> claimSome() {
        return database.sql(DUE)
                .bind("batch", AT_ONCE)
                .map(row -> new Due(required(row, "order_code", Long.class), requiredTime(row, "now")))
                .all()
                .collectList()
                .filter(due -> !due.isEmpty())
                .flatMap(this::claim)
                .defaultIfEmpty(List.of());
    }

    private record Due(long orderCode, Instant now) {}

    private Mono<List<Claimed>> claim(List<Due> due) {
        List<Long> codes = due.stream().map(Due::orderCode).toList();
        return database.sql(CLAIM)
                .bind("leaseMicros", MICROSECONDS.convert(properties.lease()))
                .bind("orderCodes", codes)
                .then()
                .then(Mono.defer(() -> orders.withCodes(codes)))
                .map(found -> found.stream()
                        .map(order -> new Claimed(order, due.get(0).now()))
                        .toList());
    }

    private Mono<Void> ask(Claimed claimed, String cause) {
        Order order = claimed.order();
        Mono<Payments.State> answer = claimed.isClosing() ? payments.end(order) : payments.check(order);
        return answer.onErrorResume(failure -> cannotTell(order, failure))
                .flatMap(state -> decide(claimed, state, cause))
                .onErrorResume(failure -> leave(order, failure));
    }

    /** It is due again when this instance's time with it is over; the others of the round go on. */
    private static Mono<Void> leave(Order order, Throwable failure) {
        if (!DatabaseFailure.of(failure).isTemporary()) {
            log.atError()
                    .addKeyValue("order", order.orderCode())
                    .setCause(failure)
                    .log("order cannot be closed");
        }
        return Mono.empty();
    }

    private static Mono<Payments.State> cannotTell(Order order, Throwable failure) {
        log.atWarn()
                .addKeyValue("order", order.orderCode())
                .addKeyValue("cause", DatabaseFailure.summary(failure))
                .log("payment cannot be asked about, trying again later");
        return Mono.just(Payments.State.OPEN);
    }

    private Mono<Void> decide(Claimed claimed, Payments.State state, String cause) {
        return switch (state) {
            case PAID -> Mono.empty();
            case UNPAID -> close(claimed.order().orderCode(), cause);
            case OPEN -> putOff(claimed, pause(claimed));
            case UNTOUCHED -> putOff(claimed, pauseUntouched(claimed));
        };
    }

    /** Compare and set under the row's lock: a payment that was settled meanwhile stands. */
    private Mono<Void> close(long orderCode, String cause) {
        return transitions
                .run(() -> transitions
                        .lock(orderCode)
                        .filter(order -> order.status() == OrderStatus.AWAITING_PAYMENT)
                        .delayUntil(order -> transitions.close(List.of(order))))
                .doOnNext(order -> metrics.closed(cause, 1))
                .then();
    }

    private Mono<Void> putOff(Claimed claimed, Duration pause) {
        return transitions.run(() -> database.sql(PUT_OFF)
                .bind("micros", MICROSECONDS.convert(pause))
                .bind("orderCode", claimed.order().orderCode())
                .then());
    }

    /** As long as it took so far, so that each pause is twice the one before. The deadline begins a new count. */
    private Duration pause(Claimed claimed) {
        Order order = claimed.order();
        Instant since = Stream.of(order.payLinkAt(), order.closingAt(), order.expiresAt())
                .flatMap(Stream::ofNullable)
                .filter(moment -> !moment.equals(order.expiresAt()) || moment.isBefore(claimed.now()))
                .max(Comparator.naturalOrder())
                .orElse(claimed.now());
        Duration first = claimed.isClosing() ? properties.retryAfter() : properties.firstPaymentCheck();
        Duration pause = shorter(LONGEST_PAUSE, longer(first, Duration.between(since, claimed.now())));
        Duration untilExpiry = untilExpiry(claimed);
        return untilExpiry.isZero() ? pause : shorter(pause, untilExpiry);
    }

    /** As long as nobody has begun to pay, nothing can be concluded before the deadline, however often one asks. */
    private Duration pauseUntouched(Claimed claimed) {
        Duration untilExpiry = untilExpiry(claimed);
        return claimed.isClosing() && !untilExpiry.isZero() ? untilExpiry : pause(claimed);
    }

    /** Zero where the order has expired. */
    private static Duration untilExpiry(Claimed claimed) {
        return longer(
                Duration.ZERO, Duration.between(claimed.now(), claimed.order().expiresAt()));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
