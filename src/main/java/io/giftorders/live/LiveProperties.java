package io.giftorders.live;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What all streams of events have in common.
 *
 * @param heartbeat how often a comment tells a client that its stream is alive, 100ms to 1m. Clients give a stream up that
 *     is silent for 45s
 */
@Validated
@ConfigurationProperties("gift-orders.live")
record LiveProperties(
        @DefaultValue("15s") @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 1)
        Duration heartbeat) {}
