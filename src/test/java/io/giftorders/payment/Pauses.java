package io.giftorders.payment;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** People take their time. */
public final class Pauses {

    private Pauses() {}

    public static void millis(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
