package io.giftorders.payment.alipay;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Whose money, which Alipay, and how long it may take.
 *
 * @param environment which of Alipay's gateways; app, seller and keys belong to one of them
 * @param gateway another gateway instead, https unless it is on this machine; never http in production
 * @param appId the app in Alipay's console; required
 * @param sellerId the merchant's account, 2088 and twelve more digits; required
 * @param publicUrl where browsers and Alipay reach this service, such as {@code https://shop.example}; required
 * @param mode how Alipay's key comes: as it is, or in a certificate
 * @param keys directory of the key files
 * @param threads calls to Alipay under way at once, 1 to 64
 * @param maxWaiting calls waiting for a thread, 1 to 10,000; shared out among the threads and rounded up. One more is
 *     refused with 503
 * @param connectTimeout until a connection stands, 100ms to 10s
 * @param timeout until the whole answer is here, 1s to 30s; the wait for a thread may take as long again
 */
@Validated
@ConfigurationProperties("gift-orders.alipay")
record AlipayProperties(
        @DefaultValue("sandbox") @NotNull Environment environment,
        @Nullable URI gateway,
        @Nullable String appId,
        @Nullable String sellerId,
        @Nullable URI publicUrl,
        @DefaultValue("public-key") @NotNull Mode mode,
        @DefaultValue("alipay-keys") @NotNull Path keys,
        @DefaultValue("32") @Min(1) @Max(64) int threads,
        @DefaultValue("64") @Min(1) @Max(10_000) int maxWaiting,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 100) @DurationMax(seconds = 10)
        Duration connectTimeout,

        @DefaultValue("10s") @NotNull @DurationMin(seconds = 1) @DurationMax(seconds = 30)
        Duration timeout) {

    /** One of Alipay's two worlds. */
    enum Environment {
        SANDBOX("https://openapi-sandbox.dl.alipaydev.com/gateway.do"),
        PRODUCTION("https://openapi.alipay.com/gateway.do");

        private final URI gateway;

        Environment(String gateway) {
            this.gateway = URI.create(gateway);
        }

        URI gateway() {
            return gateway;
        }
    }

    /** What proves an answer to be Alipay's. */
    enum Mode {
        PUBLIC_KEY,
        CERTIFICATE
    }
}
