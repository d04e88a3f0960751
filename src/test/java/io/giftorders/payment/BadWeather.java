package io.giftorders.payment;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.Faults;
import java.util.Random;

/** Something goes wrong on the way to or from Alipay, now this, now that. */
final class BadWeather implements Runnable {

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
        Squall.draw(random).strike(faults);
    }
}
