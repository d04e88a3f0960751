package io.giftorders.order;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much one order may ask for.
 *
 * @param maxLines gifts in one order, 1 to 100
 * @param maxCount pieces of one gift in one order, 1 to 1,000,000
 */
@Validated
@ConfigurationProperties("gift-orders.cart")
record CartProperties(
        @DefaultValue("20") @Min(1) @Max(100) int maxLines,
        @DefaultValue("10000") @Min(1) @Max(1_000_000) int maxCount) {}
