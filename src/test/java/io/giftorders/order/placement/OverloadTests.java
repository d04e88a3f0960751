package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Demand far beyond what the shop can place. */
class OverloadTests {

    private static final int BUYERS = 400;

    @BeforeAll
    static void sign() {
        LongStream.rangeClosed(1, BUYERS).forEach(Shop::buyer);
    }

    @Test
    void whoWouldWaitBeyondTheDeadlineHearsSoAtOnce() {
        try (Shop shop = Shop.open(
                "--gift-orders.placement.lanes=1",
                "--gift-orders.placement.max-batch=1",
                "--gift-orders.placement.deadline=4s")) {
            long gift = shop.gift(100);
            Connection otherWriter = shop.lock(gift);
            Disposable first = shop.order(1, cart(gift)).onErrorComplete().subscribe();
            Shop.await(() -> shop.metric("gift.orders.batch.size") == 1);
            Mono<Answer> second = shop.order(2, cart(gift)).cache();
            second.subscribe();
            Shop.await(() -> shop.metric("gift.orders.queue.depth") == 1);

            // two transactions ahead, and the first takes longer than a quarter of the deadline
            Shop.await(() -> shop.order(3, "{}").block().status() == 503);
            List<Answer> beyond = Flux.range(10, 50)
                    .flatMap(uid -> shop.order(uid, cart(gift)), 50)
                    .collectList()
                    .block();

            assertThat(shop.metric("gift.orders.queue.depth")).isEqualTo(1);
            assertThat(beyond).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.problem()).isEqualTo("overloaded");
                assertThat(answer.headers().getFirst("Retry-After")).isEqualTo("1");
                assertThat(answer.headers().getFirst("Content-Type")).isEqualTo("application/problem+json");
            });
            shop.http()
                    .post()
                    .uri("/orders")
                    .headers(headers -> headers.setBearerAuth(Shop.buyer(60)))
                    .header(HttpHeaders.ACCEPT_LANGUAGE, "zh-CN")
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(cart(gift))
                    .exchange()
                    .expectStatus()
                    .isEqualTo(HttpStatus.SERVICE_UNAVAILABLE)
                    .expectHeader()
                    .valueEquals(HttpHeaders.CONTENT_LANGUAGE, "zh")
                    .expectHeader()
                    .valueEquals(HttpHeaders.RETRY_AFTER, "1")
                    .expectBody()
                    .jsonPath("$.detail")
                    .isEqualTo("下单人数过多，没有扣减任何库存，请稍后再试。");
            Shop.unlock(otherWriter);
            assertThat(second.block().status()).isEqualTo(201);
            assertThat(shop.order(4, cart(gift)).block().status()).isEqualTo(201);
            Shop.await(first::isDisposed);
            assertThat(shop.stock(gift)).isEqualTo(97);
        }
    }

    @Test
    void ordersArePlacedAllTheTimeWhileMostAreTurnedAway() {
        try (Shop shop = Shop.open("--gift-orders.placement.max-batch=2", "--gift-orders.placement.deadline=50ms")) {
            long gift = shop.gift(100_000);
            List<List<Answer>> rounds = Flux.range(0, 6_000)
                    .flatMap(i -> shop.order(1 + i % BUYERS, cart(gift)), BUYERS)
                    .buffer(1_000)
                    .collectList()
                    .block(Duration.ofMinutes(1));

            List<Answer> answers = rounds.stream().flatMap(List::stream).collect(Collectors.toList());
            long placed = count(answers, 201);
            assertThat(rounds).allSatisfy(round -> assertThat(count(round, 201)).isPositive());
            assertThat(count(answers, 503)).isEqualTo(6_000 - placed).isPositive();
            assertThat(answers).filteredOn(answer -> answer.status() == 503).allSatisfy(refused -> {
                assertThat(refused.problem()).isIn("overloaded", "waited-too-long");
                assertThat(refused.headers().getFirst("Retry-After")).isEqualTo("1");
            });
            assertThat(shop.stock(gift)).isEqualTo(100_000 - placed);
            assertThat(shop.pieces(gift)).isEqualTo(placed);
            assertThat(shop.metric("gift.orders.queue.depth")).isZero();
            assertThat(shop.metric("r2dbc.pool.acquired")).isZero();
        }
    }

    private static long count(List<Answer> answers, int status) {
        return answers.stream().filter(answer -> answer.status() == status).count();
    }

    private static String cart(long gift) {
        return "{\"" + gift + "\": 1}";
    }
}
