package io.giftorders.identity;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What is asked of tokens beyond Spring Boot's settings, and how verified ones are remembered.
 *
 * @param issuer the {@code iss} every token must have; for a key from a PEM file, which says nothing of its issuer. Not
 *     set: any
 * @param cacheFor how long a verified token is trusted without checking its signature again, 0s to 1m; never beyond its
 *     {@code exp}
 * @param cachedTokens tokens remembered at the most, 0 to 1,000,000, of 1 KB each; a longer one counts as several
 */
@Validated
@ConfigurationProperties("gift-orders.identity")
record IdentityProperties(
        @Nullable String issuer,

        @DefaultValue("1m") @NotNull @DurationMin(seconds = 0) @DurationMax(minutes = 1)
        Duration cacheFor,

        @DefaultValue("50000") @Min(0) @Max(1_000_000) int cachedTokens) {}
