package io.giftorders.payment;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** People take their time. */
final class Pauses {

    private Pauses() {}

    static void millis(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
