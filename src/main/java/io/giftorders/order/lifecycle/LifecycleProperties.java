package io.giftorders.order.lifecycle;

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
 * What orders do by themselves.
 *
 * @param checkEvery pause between two looks for orders that are due, 10ms to 1m
 * @param firstPaymentCheck how long after its first pay link an order is looked after that nobody reported as paid, 1s to
 *     1h; the next looks are twice as late each
 * @param retryAfter how soon a closing that payment could not decide is tried again, 10ms to 10m; grows with its age, up
 *     to 5 minutes
 * @param lease how long an instance has an order for itself while it asks, 1s to 10m: longer than asking takes. What an
 *     instance that died had is picked up after it
 * @param receiveAfter how long after shipment an order counts as received, 1s to 365d
 * @param connections to the database, for what orders and refunds do by themselves, 2 to 64
 */
@Validated
@ConfigurationProperties("gift-orders.lifecycle")
record LifecycleProperties(
        @DefaultValue("1s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration checkEvery,

        @DefaultValue("30s") @NotNull @DurationMin(seconds = 1) @DurationMax(hours = 1)
        Duration firstPaymentCheck,

        @DefaultValue("5s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 10)
        Duration retryAfter,

        @DefaultValue("1m") @NotNull @DurationMin(seconds = 1) @DurationMax(minutes = 10)
        Duration lease,

        @DefaultValue("10d") @NotNull @DurationMin(seconds = 1) @DurationMax(days = 365)
        Duration receiveAfter,

        @DefaultValue("6") @Min(2) @Max(64) int connections) {}
