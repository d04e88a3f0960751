package io.giftorders.payment.alipay;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Unavailable;
import java.time.Duration;

/**
 * 503: it is not known what Alipay did, or whether it did anything: no answer in time, none that proves to be Alipay's, or
 * one that says "unknown". Ask, or repeat the same call. As {@code alipay-busy}: nothing was sent, too much is waiting.
 */
public final class AlipayUnavailable extends Unavailable {

    private static final String BUSY = "alipay-busy";

    private AlipayUnavailable(String name, Detail detail, Duration retryAfter) {
        super(name, detail, retryAfter);
    }

    static AlipayUnavailable unknown() {
        return new AlipayUnavailable("alipay-unavailable", Detail.of("alipay-unavailable"), Duration.ofSeconds(5));
    }

    static AlipayUnavailable busy() {
        return new AlipayUnavailable(BUSY, Detail.of("alipay-busy"), Duration.ofSeconds(1));
    }

    /** Whether the call never left this service. */
    public boolean nothingWasSent() {
        return BUSY.equals(name());
    }
}
