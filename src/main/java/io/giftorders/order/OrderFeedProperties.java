package io.giftorders.order;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who may watch orders, and how closely.
 *
 * @param every from one look at the changed orders to the next at the least, 10ms to 1m
 * @param lookEvery how often all watched orders are read, for what other instances changed, 50ms to 5m
 * @param maxWatchers streams at once, 0 to 1,000,000; each needs a file descriptor
 * @param maxPerBuyer streams of one buyer at once, 1 to 1,000
 */
@Validated
@ConfigurationProperties("gift-orders.live.orders")
record OrderFeedProperties(
        @DefaultValue("250ms") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration every,

        @DefaultValue("3s") @NotNull @DurationMin(millis = 50) @DurationMax(minutes = 5)
        Duration lookEvery,

        @DefaultValue("10000") @Min(0) @Max(1_000_000) int maxWatchers,
        @DefaultValue("8") @Min(1) @Max(1000) int maxPerBuyer) {}
