package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** More orders than the shop can place, buyers who hang up, and other writers in the way. */
class PressureTests {

    /** Whoever comes second waits. */
    private static final String ONE_LANE = "--gift-orders.placement.lanes=1";

    @BeforeAll
    static void sign() {
        LongStream.rangeClosed(1, 400).forEach(Shop::buyer);
    }

    @Test
    void ordersBeyondTheQueueAreRefusedAtOnce() {
        try (Shop shop = Shop.open(
                ONE_LANE,
                "--gift-orders.placement.max-batch=1",
                "--gift-orders.placement.max-pending=5",
                "--gift-orders.placement.deadline=20s")) {
            long gift = shop.gift(100);
            Connection otherWriter = shop.lock(gift);
            Mono<Answer> first = sent(shop.order(1, cart(gift)));
            Shop.await(() -> shop.metric("gift.orders.batch.size") == 1);

            List<Mono<Answer>> waiting = IntStream.range(0, 5)
                    .mapToObj(i -> sent(shop.order(2 + i, cart(gift))))
                    .toList();
            Shop.await(() -> shop.metric("gift.orders.queue.depth") == 5);
            List<Answer> beyond = Flux.range(10, 20)
                    .flatMap(uid -> shop.order(uid, cart(gift)), 20)
                    .collectList()
                    .block(Duration.ofSeconds(2));

            assertThat(beyond).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.problem()).isEqualTo("overloaded");
                assertThat(answer.headers().getFirst("Retry-After")).isEqualTo("1");
            });
            Shop.unlock(otherWriter);
            assertThat(first.block().status()).isEqualTo(201);
            assertThat(waiting)
                    .allSatisfy(answer -> assertThat(answer.block().status()).isEqualTo(201));
            assertThat(shop.stock(gift)).isEqualTo(94);
        }
    }

    @Test
    void anOrderThatWaitedPastItsDeadlineIsRefusedAndNeverPlaced() {
        try (Shop shop =
                Shop.open(ONE_LANE, "--gift-orders.placement.max-batch=1", "--gift-orders.placement.deadline=300ms")) {
            long gift = shop.gift(100);
            Connection otherWriter = shop.lock(gift);
            Mono<Answer> first = sent(shop.order(1, cart(gift)));
            Shop.await(() -> shop.metric("gift.orders.batch.size") == 1);

            Answer late = shop.order(2, cart(gift)).block(Duration.ofSeconds(1));

            assertThat(late.status()).isEqualTo(503);
            assertThat(late.problem()).isEqualTo("waited-too-long");
            assertThat(late.headers().getFirst("Retry-After")).isEqualTo("1");
            Shop.unlock(otherWriter);
            assertThat(first.block().status()).isEqualTo(201);
            assertThat(shop.order(3, cart(gift)).block().status()).isEqualTo(201);
            assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE uid = 2")).isZero();
        }
    }

    @Test
    void aBuyerWhoHangsUpWhileWaitingIsDroppedAndOneWhoseOrderHasStartedHasIt() {
        try (Shop shop =
                Shop.open(ONE_LANE, "--gift-orders.placement.max-batch=1", "--gift-orders.placement.deadline=20s")) {
            long gift = shop.gift(100);
            Connection otherWriter = shop.lock(gift);
            Disposable started = shop.order(1, cart(gift)).subscribe();
            Shop.await(() -> shop.metric("gift.orders.batch.size") == 1);
            Disposable waiting = shop.order(2, cart(gift)).subscribe();
            Shop.await(() -> shop.metric("gift.orders.queue.depth") == 1);

            waiting.dispose();
            started.dispose();
            Shop.await(() -> shop.metric("gift.orders.refused", "reason", "hung-up") == 1);
            Shop.unlock(otherWriter);

            assertThat(shop.order(3, cart(gift)).block().status()).isEqualTo(201);
            assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE uid = 1")).isEqualTo(1);
            assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE uid = 2")).isZero();
            assertThat(shop.stock(gift)).isEqualTo(98);
        }
    }

    @Test
    void anotherWriterWhoNeverLetsGoEndsIn503AndNothingIsTaken() {
        try (Shop shop = Shop.open()) {
            long gift = shop.gift(100);
            Connection otherWriter = shop.lock(gift);

            Answer answer = shop.order(1, cart(gift)).block(Duration.ofSeconds(20));

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.problem()).isEqualTo("contended");
            assertThat(answer.headers().getFirst("Retry-After")).isEqualTo("1");
            Shop.unlock(otherWriter);
            assertThat(shop.stock(gift)).isEqualTo(100);
            assertThat(shop.number("SELECT COUNT(*) FROM orders")).isZero();
            assertThat(shop.order(1, cart(gift)).block().status()).isEqualTo(201);
        }
    }

    @Test
    void aConflictIsRunAgainUntilItFits() {
        try (Shop shop = Shop.open("--gift-orders.placement.stock-update=unchanged")) {
            long gift = shop.gift(100_000);
            Disposable otherWriter = Flux.range(0, 2_000)
                    .concatMap(i -> shop.database()
                            .sql("UPDATE gift SET stock = stock - 1, sales = sales + 1 WHERE id = " + gift)
                            .then())
                    .subscribe();

            List<Answer> answers = Flux.range(1, 400)
                    .flatMap(uid -> shop.order(uid, cart(gift)), 8)
                    .collectList()
                    .block();
            Shop.await(otherWriter::isDisposed);

            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
            assertThat(shop.metric("gift.orders.conflicts", "reason", "stock-conflict"))
                    .isPositive();
            assertThat(shop.stock(gift)).isEqualTo(100_000 - 2_000 - 400);
        }
    }

    @Test
    void aStormOfHangUpsLeavesNoConnectionBehind() {
        try (Shop shop = Shop.open(ONE_LANE, "--gift-orders.placement.max-batch=3")) {
            long gift = shop.gift(100_000);
            Random random = new Random(11);
            List<Disposable> buyers = new ArrayList<>();
            Flux.range(0, 3_000)
                    .delayElements(Duration.ofNanos(300_000))
                    .doOnNext(i -> {
                        buyers.add(shop.order(1 + i % 400, cart(gift))
                                .onErrorComplete()
                                .subscribe());
                        buyers.add(shop.read(1 + i % 400).onErrorComplete().subscribe());
                        buyers.get(random.nextInt(buyers.size())).dispose();
                        buyers.get(buyers.size() - 1 - random.nextInt(Math.min(6, buyers.size())))
                                .dispose();
                    })
                    .blockLast();
            buyers.forEach(Disposable::dispose);

            Shop.await(() -> shop.metric("r2dbc.pool.acquired") == 0 && shop.metric("gift.orders.queue.depth") == 0);

            assertThat(shop.order(1, cart(gift)).block().status()).isEqualTo(201);
            assertThat(shop.stock(gift) + shop.pieces(gift)).isEqualTo(100_000);
            assertThat(shop.brokenOrders()).isZero();
        }
    }

    /** Sends now, for an answer to be looked at later. */
    private static Mono<Answer> sent(Mono<Answer> order) {
        Mono<Answer> sent = order.cache();
        sent.subscribe();
        return sent;
    }

    private static String cart(long gift) {
        return "{\"" + gift + "\": 1}";
    }
}
