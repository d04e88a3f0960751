package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.order.Cart;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.work.Lane;
import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.annotation.Isolation;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class LanesTests {

    @Test
    void theSecondLaneIsOpenWhileThereIsProcessorTimeToSpare() {
        Lanes lanes = lanes(null);
        assertThat(lanes.isAdapting()).isTrue();
        assertThat(lanes.open()).isEqualTo(1);

        assertThat(openAfter(lanes, 0.59, 0.59)).isEqualTo(1);
        assertThat(openAfter(lanes, 0.59)).isEqualTo(2);
        assertThat(openAfter(lanes, 0.8, 0.8, 0.8)).as("between the bounds").isEqualTo(2);
        assertThat(openAfter(lanes, 0.81, 0.81, 1)).isEqualTo(1);
        assertThat(openAfter(lanes, 0.6, 0.6, 0.6)).as("between the bounds").isEqualTo(1);
    }

    @Test
    void oneLookThatDiffersChangesNothing() {
        Lanes lanes = lanes(null);

        assertThat(openAfter(lanes, 0.1, 0.1, 0.9, 0.1, 0.1, 0.7, 0.1, 0.1)).isEqualTo(1);
        assertThat(openAfter(lanes, 0.1)).isEqualTo(2);
        assertThat(openAfter(lanes, 0.9, 0.9, 0.1, 0.9, 0.9)).isEqualTo(2);
    }

    @Test
    void whatIsNotKnownIsNoLook() {
        Lanes lanes = lanes(null);

        assertThat(openAfter(lanes, 0, 0, 0, 0, -1, -1, -1, Double.NaN, Double.NaN, Double.NaN))
                .isEqualTo(1);
        assertThat(openAfter(lanes, 0.1, 0, 0.1, -1, 0.1)).isEqualTo(2);
    }

    @Test
    void ordersGoToOpenLanesOnly() {
        Lanes lanes = lanes(null);
        assertThat(LongStream.range(-10, 10).mapToObj(lanes::of).distinct()).hasSize(1);

        openAfter(lanes, 0.1, 0.1, 0.1);
        assertThat(LongStream.range(-10, 10).mapToObj(lanes::of).distinct()).hasSize(2);
        assertThat(lanes.of(7)).isSameAs(lanes.of(9));
    }

    @Test
    void aLaneThatIsClosedIsNotIdleBeforeItsWorkIsDone() {
        Sinks.Empty<Void> commit = Sinks.empty();
        Lanes lanes = new Lanes(
                withLanes(null), () -> new Lane<>(256, 1_000_000, claimed -> {}, late -> {}, batch -> commit.asMono()));
        openAfter(lanes, 0.1, 0.1, 0.1);
        PlaceOrder wish = new PlaceOrder(1, 1, new Cart(List.of(new Cart.Line(1, 1))), null);
        Mono.<Placed>create(buyer -> lanes.of(1).add(new PendingOrder(wish, buyer, Runnable::run)))
                .subscribe();

        openAfter(lanes, 0.9, 0.9, 0.9);
        assertThat(lanes.of(1)).isSameAs(lanes.of(0));
        assertThat(lanes.areIdle()).isFalse();
        commit.tryEmitEmpty();
        assertThat(lanes.areIdle()).isTrue();
    }

    @Test
    void aNumberThatWasSetStays() {
        Lanes lanes = lanes(3);
        assertThat(lanes.isAdapting()).isFalse();

        assertThat(openAfter(lanes, 1, 1, 1, 1)).isEqualTo(3);
        assertThat(LongStream.range(0, 10).mapToObj(lanes::of).distinct()).hasSize(3);
    }

    private static int openAfter(Lanes lanes, double... loads) {
        DoubleStream.of(loads).forEach(lanes::adapt);
        return lanes.open();
    }

    private static Lanes lanes(@Nullable Integer number) {
        return new Lanes(
                withLanes(number), () -> new Lane<>(256, 1_000_000, claimed -> {}, late -> {}, batch -> Mono.empty()));
    }

    /** A pipeline's settings with so many lanes; null: not set. */
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
