package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.gift.GiftChanges;
import io.giftorders.order.Cart;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.OrderCodes;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.problem.Unavailable;
import io.giftorders.shop.Shop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

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

    /** As processors become free and busy. A buyer's orders are in two lanes for a moment then, as those of two instances are. */
    @Test
    void keysAndLimitsHoldWhileTheSecondLaneOpensAndCloses() {
        long gift = shop.gift(10_000_000, ", \"limit_per_user\": 5");
        AtomicInteger buyers = new AtomicInteger();
        AtomicBoolean stopped = new AtomicBoolean();

        adapting((groupCommit, second) -> {
            CompletableFuture<Void> ordering = Flux.<Integer>generate(sink -> {
                        if (stopped.get()) {
                            sink.complete();
                        } else {
                            sink.next(buyers.incrementAndGet());
                        }
                    })
                    .flatMap(uid -> threeWishesTwice(groupCommit, 1_000_000L + uid, gift), 16)
                    .then()
                    .toFuture();
            try {
                second.untilItOpenedAndClosed();
                second.untilItOpenedAndClosed();
            } finally {
                stopped.set(true);
            }
            ordering.orTimeout(30, TimeUnit.SECONDS).join();
        });

        assertThat(shop.number(
                        "SELECT COUNT(*) FROM orders o JOIN order_item i USING (order_code) WHERE goods_id = " + gift))
                .isEqualTo(2L * buyers.get());
        assertThat(shop.mostPiecesOfABuyer(gift)).isEqualTo(4);
        assertThat(shop.stock(gift)).isEqualTo(10_000_000 - 4L * buyers.get());
    }

    /** Two pieces each, under three keys, all at once; with a limit of five two of them are placed. */
    private static Mono<Void> threeWishesTwice(GroupCommit groupCommit, long uid, long gift) {
        return Flux.range(0, 6)
                .flatMap(i -> {
                    IdempotencyKey key = new IdempotencyKey("wish-" + i % 3);
                    PlaceOrder wish = new PlaceOrder(
                            shop.bean(OrderCodes.class).next(), uid, new Cart(List.of(new Cart.Line(gift, 2))), key);
                    return groupCommit
                            .place(wish, Runnable::run)
                            .retryWhen(
                                    Retry.fixedDelay(50, Duration.ofMillis(100)).filter(Unavailable.class::isInstance))
                            .map(placed -> key.text() + " " + placed.order().orderCode())
                            .onErrorResume(Refusals.LimitReached.class, refused -> Mono.empty());
                })
                .collect(Collectors.groupingBy(placed -> placed, Collectors.counting()))
                .doOnNext(placed -> assertThat(placed.values()).containsExactly(2L, 2L))
                .then();
    }

    /** A group commit whose lanes follow a load that the test sets. */
    private static void adapting(BiConsumer<GroupCommit, SecondLane> test) {
        AtomicReference<Double> load = new AtomicReference<>(1.0);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        GroupCommit groupCommit = new GroupCommit(
                shop.bean(PlacementTransaction.class),
                new PlacementMetrics(meters),
                LanesTests.withLanes(null),
                shop.bean(GiftChanges.class),
                load::get);
        groupCommit.start();
        try {
            test.accept(groupCommit, new SecondLane(load, meters));
        } finally {
            groupCommit.stop();
        }
        assertThat(groupCommit.isRunning()).isFalse();
    }

    private record SecondLane(AtomicReference<Double> load, SimpleMeterRegistry meters) {

        void untilItOpenedAndClosed() {
            load.set(0.1);
            Shop.await(() -> meters.get("gift.orders.lanes").gauge().value() == 2);
            load.set(0.95);
            Shop.await(() -> meters.get("gift.orders.lanes").gauge().value() == 1);
        }
    }

    private static Mono<Placed> place(long uid, long gift, int count) {
        PlaceOrder wish = new PlaceOrder(
                shop.bean(OrderCodes.class).next(), uid, new Cart(List.of(new Cart.Line(gift, count))), null);
        return shop.bean(GroupCommit.class).place(wish, Runnable::run);
    }
}
