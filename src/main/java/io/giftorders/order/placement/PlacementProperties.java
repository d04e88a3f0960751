package io.giftorders.order.placement;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are placed.
 *
 * @param stockUpdate how the stock update guards the gift's row
 * @param isolation isolation level of order transactions
 * @param lanes transactions under way at once in this instance, 1 to 16; a buyer's orders share a lane, with the guard
 *     {@code unchanged} orders with the same lowest gift id do. Null: one, and another while there are processors to spare
 * @param maxBatch orders in one transaction, 1 to 1,000; 1 gives every order its own
 * @param maxPending orders waiting for their transaction, 1 to 1,000,000; one more is refused with 503
 * @param deadline how long an order may wait for its transaction to start, and a transaction be run again, 10ms to 1m;
 *     then it is refused with 503
 * @param payWithin how long an order can be paid, 1s to 14d; Alipay takes 15 days at the most (alipay.trade.page.pay,
 *     time_expire); then it closes and its pieces are on sale again
 * @param retry how often a transaction that another one got in the way of is run again
 * @param resolveFor how long to ask the database for the outcome of a COMMIT whose answer was lost, 1s to 5m
 */
@Validated
@ConfigurationProperties("gift-orders.placement")
record PlacementProperties(
        @DefaultValue("at-least") @NotNull StockUpdate stockUpdate,
        @DefaultValue("read-committed") @NotNull Isolation isolation,
        @Min(1) @Max(16) @Nullable Integer lanes,
        @DefaultValue("256") @Min(1) @Max(1000) int maxBatch,
        @DefaultValue("10000") @Min(1) @Max(1_000_000) int maxPending,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration deadline,

        @DefaultValue("15m") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 14)
        Duration payWithin,

        @DefaultValue @NotNull @Valid Retries retry,

        @DefaultValue("15s") @NotNull @DurationMin(seconds = 1) @DurationMax(minutes = 5)
        Duration resolveFor) {

    /** How many there can be. Chosen where it was not set: beside their database three are slower than two. */
    int mostLanes() {
        return lanes == null ? 2 : lanes;
    }

    @AssertTrue(message = "isolation must name a level, such as read-committed")
    boolean isIsolationNamed() {
        return isolation != Isolation.DEFAULT;
    }

    /**
     * Whether gifts are read with a lock. Two levels do so whatever the mode: at read uncommitted a refusal could rest on
     * stock that another transaction takes and gives back, and serializable locks shared, which deadlocks when two want
     * to update.
     */
    boolean locksGifts() {
        return stockUpdate == StockUpdate.LOCKED
                || isolation == Isolation.READ_UNCOMMITTED
                || isolation == Isolation.SERIALIZABLE;
    }

    /**
     * @param maxAttempts transactions at the most for one batch, the first included, 1 to 100
     * @param firstBackoff pause before the second, 0ms to 1s; doubles each time, with jitter
     * @param maxBackoff longest pause, 1ms to 10s
     */
    record Retries(
            @DefaultValue("12") @Min(1) @Max(100) int maxAttempts,

            @DefaultValue("2ms") @NotNull @DurationMin(millis = 0) @DurationMax(seconds = 1)
            Duration firstBackoff,

            @DefaultValue("100ms") @NotNull @DurationMin(millis = 1) @DurationMax(seconds = 10)
            Duration maxBackoff) {

        @AssertTrue(message = "first-backoff must not be longer than max-backoff")
        boolean isAscending() {
            return firstBackoff.compareTo(maxBackoff) <= 0;
        }
    }
}
