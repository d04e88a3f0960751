package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.Columns;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

class IdempotencyTests {

    private static Shop shop;
    private static Shop other;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        other = shop.another("--gift-orders.placement.lanes=2");
    }

    @AfterAll
    static void close() {
        shop.close();
        other.close();
    }

    @Test
    void theSameKeyAndCartAnswerTheSameOrderAgain() {
        long gift = shop.gift(10);

        Answer first = shop.order(1, cart(gift, 2), "\"again\"").block();
        Answer second = shop.order(1, cart(gift, 2), "again").block();

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.headers()).satisfies(headers -> assertThat(headers.getFirst("Idempotency-Replayed"))
                .isNull());
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.headers().getFirst("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.headers().getLocation()).isEqualTo(first.headers().getLocation());
        assertThat(second.body().toString()).isEqualTo(first.body().toString());
        assertThat(shop.stock(gift)).isEqualTo(8);
    }

    @Test
    void aHundredTriesAtOnceOnTwoInstancesPlaceOneOrder() {
        long gift = shop.gift(1_000);

        List<Answer> answers = Flux.range(0, 100)
                .flatMap(i -> (i % 2 == 0 ? shop : other).order(2, cart(gift, 3), "storm"), 100)
                .collectList()
                .block();

        Map<Integer, Long> statuses =
                answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
        assertThat(statuses).isEqualTo(Map.of(201, 1L, 200, 99L));
        assertThat(answers.stream().map(Answer::orderCode).distinct()).hasSize(1);
        assertThat(shop.stock(gift)).isEqualTo(997);
        assertThat(shop.pieces(gift)).isEqualTo(3);
    }

    @Test
    void manyBuyersRetryingEverythingOnTwoInstancesPlaceEachOrderOnce() {
        long gift = shop.gift(1_000);

        List<Answer> answers = Flux.range(0, 900)
                .flatMap(i -> (i % 2 == 0 ? shop : other).order(1_000 + i % 300, cart(gift, 1), "mine"), 300)
                .collectList()
                .block();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 201));
        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(300);
        assertThat(shop.stock(gift)).isEqualTo(700);
        assertThat(shop.pieces(gift)).isEqualTo(300);
    }

    @Test
    void anotherCartUnderTheKeyIsRefused() {
        long gift = shop.gift(10);
        shop.order(3, cart(gift, 1), "cart").block();

        Answer otherCart = other.order(3, cart(gift, 2), "cart").block();

        assertThat(otherCart.status()).isEqualTo(422);
        assertThat(otherCart.problem()).isEqualTo("idempotency-key-reused");
        assertThat(shop.stock(gift)).isEqualTo(9);
    }

    @Test
    void anotherCartUnderAKeyInFlightIsRefused() {
        long gift = shop.gift(1_000);

        List<Answer> answers = Flux.range(0, 60)
                .flatMap(i -> (i % 2 == 0 ? shop : other).order(4, cart(gift, 1 + i % 2), "race"), 60)
                .collectList()
                .block();

        Map<Integer, Long> statuses =
                answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
        assertThat(statuses).isEqualTo(Map.of(201, 1L, 200, 29L, 422, 30L));
        assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE uid = 4")).isEqualTo(1);
    }

    @Test
    void keysAreEachBuyersOwnAndTellUpperFromLowerCase() {
        long gift = shop.gift(10);

        assertThat(shop.order(5, cart(gift, 1), "key").block().status()).isEqualTo(201);
        assertThat(shop.order(6, cart(gift, 1), "key").block().status()).isEqualTo(201);
        assertThat(shop.order(5, cart(gift, 1), "KEY").block().status()).isEqualTo(201);

        assertThat(shop.stock(gift)).isEqualTo(7);
    }

    /** It travels as JSON within SQL, and is written as digits. */
    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\'", "a\\b", "\\u0041", "';--", "%_?:x$1", "[1,'k']", "{}</k>&~"})
    void aKeyMayHaveAnyPrintableCharacter(String key) {
        long gift = shop.gift(10);

        Answer first = shop.order(9, cart(gift, 1), key).block();
        Answer second = shop.order(9, cart(gift, 1), key).block();

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.orderCode()).isEqualTo(first.orderCode());
        assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE idempotency_key = " + Columns.text(key)
                        + " AND order_code = " + first.orderCode()))
                .isEqualTo(1);
    }

    @Test
    void aRefusedOrderLeavesItsKeyFree() {
        long gift = shop.gift(1);

        Answer tooMany = shop.order(7, cart(gift, 2), "free").block();
        Answer fewer = shop.order(7, cart(gift, 1), "free").block();

        assertThat(tooMany.status()).isEqualTo(409);
        assertThat(fewer.status()).isEqualTo(201);
    }

    @Test
    void aKeyIsRememberedAfterARestart() {
        long gift = shop.gift(10);
        Answer first;
        try (Shop before = shop.another()) {
            first = before.order(8, cart(gift, 1), "restart").block();
        }

        try (Shop after = shop.another()) {
            Answer again = after.order(8, cart(gift, 1), "restart").block();

            assertThat(again.status()).isEqualTo(200);
            assertThat(again.orderCode()).isEqualTo(first.orderCode());
        }
    }

    private static String cart(long gift, int count) {
        return "{\"" + gift + "\": " + count + "}";
    }
}
