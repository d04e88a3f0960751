package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Once a day has ended nothing happens any more. */
class BusyDayTests {

    private final AtomicInteger putOff = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();

    @Test
    void aDayEndsOnceEverythingPutOffIsDone() {
        try (BusyDay day = new BusyDay(1)) {
            day.begin(random -> putOff(day), random -> {});
            Shop.await(() -> putOff.get() > 0);

            day.end();

            assertThat(done.get()).isEqualTo(putOff.get());
        }
    }

    private void putOff(BusyDay day) {
        var unused = day.later().schedule(done::incrementAndGet, 500, TimeUnit.MILLISECONDS);
        putOff.incrementAndGet();
    }

    @Test
    void whatIsRepeatedEndsWithTheDay() {
        try (BusyDay day = new BusyDay(1)) {
            var unused = day.later().scheduleAtFixedRate(done::incrementAndGet, 0, 1, TimeUnit.MILLISECONDS);
            day.begin(random -> {}, random -> {});
            Shop.await(() -> done.get() > 0);

            day.end();

            assertThat(day.later().isTerminated()).isTrue();
        }
    }
}
