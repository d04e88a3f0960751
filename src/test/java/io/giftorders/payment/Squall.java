package io.giftorders.payment;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Something that goes wrong on the way to or from Alipay, a few times.
 *
 * @param times how often it strikes
 * @param lasting of a delay
 * @param copies of a duplicated notify
 * @param subCode of a failure
 */
public record Squall(Fault fault, int times, Duration lasting, int copies, String subCode) {

    private static final List<Fault> FAULTS = List.of(
            Fault.NOTIFY_DROP,
            Fault.NOTIFY_NEVER,
            Fault.NOTIFY_NEVER,
            Fault.NOTIFY_DELAY,
            Fault.NOTIFY_DUPLICATE,
            Fault.NOTIFY_REORDER,
            Fault.NOTIFY_BEFORE_RETURN,
            Fault.NOTIFY_GBK,
            Fault.GATEWAY_DELAY,
            Fault.GATEWAY_RESET,
            Fault.GATEWAY_HTTP_500,
            Fault.GATEWAY_HTML,
            Fault.GATEWAY_ANSWER_LOST,
            Fault.GATEWAY_ANSWER_LOST,
            Fault.GATEWAY_UNKNOWN,
            Fault.GATEWAY_UNSIGNED_FAILURE,
            Fault.GATEWAY_SIGNED_FAILURE,
            Fault.GATEWAY_EXTRA_ROOT_OBJECT,
            Fault.GATEWAY_RATE_LIMIT,
            Fault.GATEWAY_BAD_SIGNATURE);

    private static final List<String> REASONS =
            List.of("ACQ.SYSTEM_ERROR", "ACQ.TRADE_NOT_EXIST", "ACQ.TRADE_HAS_CLOSE", "ACQ.TRADE_HAS_FINISHED");

    public static Squall draw(Random random) {
        Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        // only what Alipay signs may name a reason that would be final
        int reasons = fault == Fault.GATEWAY_SIGNED_FAILURE ? 1 : REASONS.size();
        return new Squall(
                fault,
                1 + random.nextInt(4),
                Duration.ofMillis(random.nextInt(1_500)),
                1 + random.nextInt(3),
                REASONS.get(random.nextInt(reasons)));
    }

    public void strike(Faults faults) {
        faults.next(times).lasting(lasting).copies(copies).subCode(subCode).add(fault);
    }
}
