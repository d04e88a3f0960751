package io.giftorders.server;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How requests come in.
 *
 * @param timeout how long a request may take from its first byte to its last, 100ms to 5m; then its connection is closed
 */
@Validated
@ConfigurationProperties("gift-orders.request")
record RequestProperties(
        @DefaultValue("10s") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 5)
        Duration timeout) {}
