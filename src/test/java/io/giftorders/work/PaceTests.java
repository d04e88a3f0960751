package io.giftorders.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTests {

    private final Pace pace = new Pace(TimeUnit.SECONDS.toNanos(2));

    @Test
    void nothingIsKnownBeforeAnythingWasDone() {
        assertThat(pace.nanos()).isZero();
    }

    @Test
    void isTheAverageOfQuickAndSlowOnes() {
        for (int i = 0; i < 2_000; i++) {
            pace.took(millis(i % 2 == 0 ? 2 : 6));
        }

        assertThat(pace.nanos()).isCloseTo(millis(4), within(millis(1) / 2));
    }

    @Test
    void aQuickMomentPromisesNothing() {
        took(500, 10);

        took(10, 1);

        assertThat(pace.nanos()).isGreaterThan(millis(9));
    }

    @Test
    void tellsWithinTenThatADatabaseHasBecomeSlow() {
        took(5_000, 2);

        took(10, 100);

        assertThat(pace.nanos()).isGreaterThan(millis(70));
    }

    @Test
    void forgetsOneStandstill() {
        took(100, 5);
        pace.took(TimeUnit.SECONDS.toNanos(15));

        took(100, 5);

        assertThat(pace.nanos()).isLessThan(millis(150));
    }

    private void took(int times, long millis) {
        for (int i = 0; i < times; i++) {
            pace.took(millis(millis));
        }
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
