package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.work.Lane;
import java.time.Duration;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.annotation.Isolation;
import reactor.core.publisher.Mono;

class LanesTests {

    @Test
    void theSecondLaneIsOpenWhileThereAreProcessorsToSpare() {
        Lanes lanes = lanes(null);
        assertThat(lanes.isAdapting()).isTrue();
        assertThat(lanes.open()).isEqualTo(1);

        lanes.adapt(0.59);
        assertThat(lanes.open()).isEqualTo(2);
        lanes.adapt(0.8);
        assertThat(lanes.open()).as("between the bounds nothing changes").isEqualTo(2);
        lanes.adapt(0.81);
        assertThat(lanes.open()).isEqualTo(1);
        lanes.adapt(0.6);
        assertThat(lanes.open()).as("between the bounds nothing changes").isEqualTo(1);
        lanes.adapt(0);
        assertThat(lanes.open()).isEqualTo(2);
        lanes.adapt(-1);
        assertThat(lanes.open()).as("not known").isEqualTo(2);
    }

    @Test
    void ordersGoToOpenLanesOnly() {
        Lanes lanes = lanes(null);
        LongFunction<Lane<PendingOrder>> first = lanes::of;
        assertThat(LongStream.range(-10, 10).mapToObj(first).distinct()).hasSize(1);

        lanes.adapt(0.1);
        assertThat(LongStream.range(-10, 10).mapToObj(first).distinct()).hasSize(2);
        assertThat(lanes.of(7)).isSameAs(lanes.of(9));
    }

    @Test
    void aNumberThatWasSetStays() {
        Lanes lanes = lanes(3);
        assertThat(lanes.isAdapting()).isFalse();

        lanes.adapt(1);
        assertThat(lanes.open()).isEqualTo(3);
        assertThat(LongStream.range(0, 10).mapToObj(lanes::of).distinct()).hasSize(3);
    }

    private static Lanes lanes(@Nullable Integer number) {
        return new Lanes(
                withLanes(number), () -> new Lane<>(256, 1_000_000, claimed -> {}, late -> {}, batch -> Mono.empty()));
    }

    /** What is set where nothing is, but for the lanes. */
    static PlacementProperties withLanes(@Nullable Integer number) {
        return new PlacementProperties(
                StockUpdate.AT_LEAST,
                Isolation.READ_COMMITTED,
                number,
                256,
                10_000,
                Duration.ofSeconds(2),
                Duration.ofMinutes(15),
                new PlacementProperties.Retries(12, Duration.ofMillis(1), Duration.ofMillis(100)),
                Duration.ofSeconds(15));
    }
}
