package io.giftorders.localalipay;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at present: {@code faults.next(2).of("o1").add(NOTIFY_DROP)}. Of several that fit, the oldest strikes. Safe
 * for use by several threads.
 */
public final class Faults {

    private final List<Active> active = new CopyOnWriteArrayList<>();
    private final Runnable onReset;

    Faults(Runnable onReset) {
        this.onReset = onReset;
    }

    /** The scope of a fault that strikes until {@link #reset()}. */
    public Scope always() {
        return next(Long.MAX_VALUE);
    }

    /** The scope of a fault that strikes so many times. */
    public Scope next(long times) {
        return new Scope(this, times, null, null, Duration.ofSeconds(1), 1, "ACQ.SYSTEM_ERROR");
    }

    /** Adds a fault that strikes everything until {@link #reset()}. */
    public void add(Fault fault) {
        always().add(fault);
    }

    /** All is well again; what {@link Fault#NOTIFY_REORDER} held back is sent. */
    public void reset() {
        active.clear();
        onReset.run();
    }

    /** Uses a fault up by one if one is there for this event; null otherwise. */
    @Nullable
    Scope take(Fault fault, String outTradeNo, String method) {
        for (Active one : active) {
            if (one.fault == fault && one.scope.covers(outTradeNo, method) && one.strike()) {
                return one.scope;
            }
        }
        return null;
    }

    boolean strikes(Fault fault, String outTradeNo, String method) {
        return take(fault, outTradeNo, method) != null;
    }

    /** What is left to strike, as text for people. */
    List<String> pending() {
        return active.stream()
                .filter(one -> one.left.get() > 0)
                .map(one -> one.fault + (one.left.get() > Integer.MAX_VALUE ? "" : " " + one.left.get() + " more"))
                .collect(Collectors.toList());
    }

    /**
     * Whom a fault strikes, how often and how hard.
     *
     * @param outTradeNo one order, or null for all
     * @param method one method of the gateway such as {@code alipay.trade.refund}, or null for all
     * @param duration of a delay; a second unless told
     * @param copies of a duplicated notify; one unless told
     * @param subCode of a failure
     */
    public record Scope(
            Faults faults,
            long times,
            @Nullable String outTradeNo,
            @Nullable String method,
            Duration duration,
            int copies,
            String subCode) {

        public Scope of(String onlyOutTradeNo) {
            return new Scope(faults, times, onlyOutTradeNo, method, duration, copies, subCode);
        }

        public Scope on(String onlyMethod) {
            return new Scope(faults, times, outTradeNo, onlyMethod, duration, copies, subCode);
        }

        public Scope lasting(Duration wait) {
            return new Scope(faults, times, outTradeNo, method, wait, copies, subCode);
        }

        public Scope copies(int more) {
            return new Scope(faults, times, outTradeNo, method, duration, more, subCode);
        }

        public Scope subCode(String code) {
            return new Scope(faults, times, outTradeNo, method, duration, copies, code);
        }

        /** From now on. */
        public void add(Fault fault) {
            faults.active.add(new Active(fault, this, new AtomicLong(times)));
        }

        private boolean covers(String number, String called) {
            return (outTradeNo == null || outTradeNo.equals(number)) && (method == null || method.equals(called));
        }
    }

    private record Active(Fault fault, Scope scope, AtomicLong left) {

        private boolean strike() {
            return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        }
    }
}
