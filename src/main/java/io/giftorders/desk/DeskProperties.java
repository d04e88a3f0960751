package io.giftorders.desk;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who may watch the desk's figures.
 *
 * @param maxWatchers streams at once, 0 to 10,000
 */
@Validated
@ConfigurationProperties("gift-orders.live.desk")
record DeskProperties(
        @DefaultValue("50") @Min(0) @Max(10_000) int maxWatchers) {}
