package io.giftorders.gift;

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
 * Who may watch the stock, and how closely.
 *
 * @param every from one event to the next at the least, 10ms to 1m; longer with more than 5,000 watchers
 * @param lookEvery how often the gifts are compared with what was shown, for what other instances changed, 50ms to 5m
 * @param maxWatchers streams at once, 0 to 1,000,000; each needs a file descriptor
 */
@Validated
@ConfigurationProperties("gift-orders.live.gifts")
record GiftFeedProperties(
        @DefaultValue("1s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration every,

        @DefaultValue("5s") @NotNull @DurationMin(millis = 50) @DurationMax(minutes = 5)
        Duration lookEvery,

        @DefaultValue("20000") @Min(0) @Max(1_000_000) int maxWatchers) {}
