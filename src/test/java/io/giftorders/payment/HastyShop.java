package io.giftorders.payment;

import io.giftorders.shop.Shop;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Opens shops whose pauses are as short as may be, so that what takes minutes takes moments. */
final class HastyShop {

    private static final String[] HASTE = {
        "payment.min-time=0s",
        "payment.clock-skew=0s",
        "payment.return-check-every=10ms",
        "payment.refund-check-every=50ms",
        "payment.refund-retry-after=100ms",
        "lifecycle.check-every=50ms",
        "lifecycle.retry-after=100ms",
        "lifecycle.first-payment-check=1h",
        "lifecycle.lease=30s"
    };

    private HastyShop() {}

    /** @param differing settings without their common prefix, such as {@code placement.pay-within=3s} */
    static Shop open(String... differing) {
        return Shop.open(settings(differing));
    }

    /** One more instance on the same database. */
    static Shop beside(Shop shop, String... differing) {
        return shop.another(settings(differing));
    }

    /** Signs the tokens of buyers 1 to so many: a signature may read random bytes, which an event loop must not. */
    static void knows(int buyers) {
        LongStream.rangeClosed(1, buyers).mapToObj(Shop::buyer).forEach(Objects::requireNonNull);
    }

    /** A setting that is given twice would be a list. */
    private static String[] settings(String... differing) {
        Map<String, String> settings = new LinkedHashMap<>();
        Stream.concat(Arrays.stream(HASTE), Arrays.stream(differing))
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> settings.put(setting[0], setting[1]));
        return settings.entrySet().stream()
                .map(setting -> "--gift-orders." + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
    }
}
