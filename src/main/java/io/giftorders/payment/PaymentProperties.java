package io.giftorders.payment;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.time.LocalTime;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How orders are paid, and paid back.
 *
 * @param minTime no pay link is given when an order can be paid for less than this, 0s to 1h: Alipay refuses a
 *     {@code time_expire} less than a minute ahead
 * @param clockSkew how far Alipay's clock may be behind the database's, 0s to 10m: a trade that does not exist counts as
 *     never to be only so long after the order expired
 * @param orderPage where a buyer comes back to: a path or a URL with {@code {order_code}} in it; the shop's own page if
 *     not told otherwise
 * @param returnCheckEvery Alipay is asked about one order once in this time, however often its return URL is called, 10ms to 1m
 * @param maxPending payments waiting to be settled, 1 to 100,000; one more is refused, and Alipay tells it again
 * @param refundCheckEvery pause between two looks for refunds to send, 10ms to 1m
 * @param refundRetryAfter how soon a refund that Alipay did not confirm is sent again, 10ms to 1h; doubles each time, up to
 *     an hour
 * @param bill how the daily bill is compared
 */
@Validated
@ConfigurationProperties("gift-orders.payment")
record PaymentProperties(
        @DefaultValue("1m") @NotNull @DurationMin(seconds = 0) @DurationMax(hours = 1)
        Duration minTime,

        @DefaultValue("1m") @NotNull @DurationMin(seconds = 0) @DurationMax(minutes = 10)
        Duration clockSkew,

        @DefaultValue("/#/orders/{order_code}")
        @Pattern(regexp = "(/|https?://).*\\{order_code}.*", message = "must be a path or URL with {order_code} in it")
        String orderPage,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration returnCheckEvery,

        @DefaultValue("2000") @Min(1) @Max(100_000) int maxPending,

        @DefaultValue("1s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration refundCheckEvery,

        @DefaultValue("10s") @NotNull @DurationMin(millis = 10) @DurationMax(hours = 1)
        Duration refundRetryAfter,

        @DefaultValue @NotNull @Valid Bill bill) {

    /**
     * @param checkEvery pause between two looks for bills to compare, 10ms to 1h
     * @param readyAt time of day in Alipay's zone from which the bill of the day before is there
     * @param days how many days back bills are compared, 1 to 90
     * @param retryAfter how soon a bill that is not there is asked for again, 10ms to 12h
     */
    record Bill(
            @DefaultValue("1m") @NotNull @DurationMin(millis = 10) @DurationMax(hours = 1)
            Duration checkEvery,

            @DefaultValue("10:00") @NotNull LocalTime readyAt,

            @DefaultValue("7") @Min(1) @Max(90) int days,

            @DefaultValue("1h") @NotNull @DurationMin(millis = 10) @DurationMax(hours = 12)
            Duration retryAfter) {}
}
