package io.giftorders.payment;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Something goes wrong on the way to or from Alipay, now this, now that. */
final class BadWeather implements Runnable {

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

    private final Faults faults;
    private final Random random;

    BadWeather(Faults faults, Random random) {
        this.faults = faults;
        this.random = random;
        faults.add(Fault.PARTIAL_REFUND_NOTICES);
        faults.add(Fault.CLOSE_NOTICES);
    }

    @Override
    public void run() {
        Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        // only what Alipay signs may name a reason that would be final
        int reasons = fault == Fault.GATEWAY_SIGNED_FAILURE ? 1 : REASONS.size();
        faults.next(1 + random.nextInt(4))
                .lasting(Duration.ofMillis(random.nextInt(1_500)))
                .copies(1 + random.nextInt(3))
                .subCode(REASONS.get(random.nextInt(reasons)))
                .add(fault);
    }
}
