package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.gift.GiftChanges;
import io.giftorders.order.Cart;
import io.giftorders.order.OrderCodes;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.shop.Shop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The pipeline without HTTP: what it signals, when, and what stands in the database then. */
class PipelineTests {

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open("--gift-orders.placement.max-batch=4", "--gift-orders.placement.lanes=2");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void nothingHappensBeforeSubscription() {
        long gift = shop.gift(10);

        Mono<Placed> order = place(1, gift, 3);

        assertThat(shop.stock(gift)).isEqualTo(10);
        order.as(StepVerifier::create).expectNextCount(1).verifyComplete();
        assertThat(shop.stock(gift)).isEqualTo(7);
    }

    @Test
    void theOrderIsCommittedWhenItIsSignalled() {
        long gift = shop.gift(10);

        place(1, gift, 2)
                .map(Placed::order)
                .as(StepVerifier::create)
                .assertNext(order -> {
                    assertThat(order.totalCount()).isEqualTo(2);
                    assertThat(order.totalAmount()).isEqualTo(new BigDecimal("19.80"));
                })
                .verifyComplete();

        assertThat(shop.pieces(gift)).isEqualTo(2);
    }

    @Test
    void aHundredBuyersOfTenPiecesGetTenOrders() {
        long gift = shop.gift(10);

        Flux.range(1, 100)
                .flatMap(
                        uid -> place(uid, gift, 1).onErrorResume(Refusals.OutOfStock.class, refused -> Mono.empty()),
                        100)
                .as(StepVerifier::create)
                .expectNextCount(10)
                .verifyComplete();

        assertThat(shop.stock(gift)).isZero();
    }

    @Test
    void aRefusalIsAnErrorSignalAndTakesNothing() {
        long gift = shop.gift(1);

        place(1, gift, 2)
                .as(StepVerifier::create)
                .expectErrorSatisfies(refused -> assertThat(refused).isInstanceOf(Refusals.OutOfStock.class))
                .verify(Duration.ofSeconds(5));

        assertThat(shop.stock(gift)).isEqualTo(1);
        assertThat(shop.pieces(gift)).isZero();
    }

    @Test
    void ordersOfABatchThatDoNotFitAreLeftOutAndTheOthersArePlaced() {
        long gift = shop.gift(5);

        Flux.just(3, 3, 2, 1)
                .flatMapSequential(count -> place(count, gift, count)
                        .map(placed -> "placed " + count)
                        .onErrorResume(Refusals.OutOfStock.class, refused -> Mono.just("refused " + count)))
                .as(StepVerifier::create)
                .expectNext("placed 3", "refused 3", "placed 2", "refused 1")
                .verifyComplete();

        assertThat(shop.stock(gift)).isZero();
    }

    @Test
    void theSecondLaneOpensAndClosesAsProcessorsBecomeFreeAndBusy() {
        AtomicReference<Double> load = new AtomicReference<>(0.1);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        GroupCommit groupCommit = new GroupCommit(
                shop.bean(PlacementTransaction.class),
                new PlacementMetrics(meters),
                LanesTests.withLanes(null),
                shop.bean(GiftChanges.class),
                load::get);
        groupCommit.start();
        try {
            Shop.await(() -> meters.get("gift.orders.lanes").gauge().value() == 2);
            load.set(0.95);
            Shop.await(() -> meters.get("gift.orders.lanes").gauge().value() == 1);
        } finally {
            groupCommit.stop();
        }
        assertThat(groupCommit.isRunning()).isFalse();
    }

    private static Mono<Placed> place(long uid, long gift, int count) {
        PlaceOrder wish = new PlaceOrder(
                shop.bean(OrderCodes.class).next(), uid, new Cart(List.of(new Cart.Line(gift, count))), null);
        return shop.bean(GroupCommit.class).place(wish, Runnable::run);
    }
}
