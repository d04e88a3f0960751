package io.giftorders.payment;

import io.giftorders.database.TestDatabase;
import io.giftorders.identity.TestIssuer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What a deployment says whose pauses are as short as may be, so that what takes minutes takes moments. */
public final class HastyService {

    /** How long an order can be paid. */
    public static final Duration PAY_WITHIN = Duration.ofSeconds(4);

    private HastyService() {}

    /** @param url of the database, without options */
    public static Map<String, String> environment(TestDatabase server, String url) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SPRING_R2DBC_URL", url);
        environment.put("SPRING_R2DBC_USERNAME", server.username());
        environment.put("SPRING_R2DBC_PASSWORD", server.password());
        environment.put(
                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_PUBLIC_KEY_LOCATION",
                TestIssuer.INSTANCE.publicKeyLocation());
        environment.put("GIFT_ORDERS_PLACEMENT_PAY_WITHIN", PAY_WITHIN.toSeconds() + "s");
        environment.put("GIFT_ORDERS_PAYMENT_MIN_TIME", "0s");
        environment.put("GIFT_ORDERS_PAYMENT_CLOCK_SKEW", "1s");
        environment.put("GIFT_ORDERS_PAYMENT_REFUND_CHECK_EVERY", "50ms");
        environment.put("GIFT_ORDERS_PAYMENT_REFUND_RETRY_AFTER", "100ms");
        environment.put("GIFT_ORDERS_LIFECYCLE_CHECK_EVERY", "50ms");
        environment.put("GIFT_ORDERS_LIFECYCLE_RETRY_AFTER", "100ms");
        environment.put("GIFT_ORDERS_LIFECYCLE_FIRST_PAYMENT_CHECK", "1s");
        environment.put("GIFT_ORDERS_LIFECYCLE_LEASE", "3s");
        environment.put("GIFT_ORDERS_LIFECYCLE_RECEIVE_AFTER", "3s");
        environment.put("GIFT_ORDERS_ALIPAY_TIMEOUT", "1s");
        return environment;
    }
}
