package io.giftorders.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.shop.Shop;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;

/** Odd, but good: at the edge of what the shop takes. */
class UnusualInputTests {

    private static final int LARGEST_BODY = 64 * 1024;

    private static Shop shop;
    private static long tea;
    private static long jade;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        tea = shop.gift(1_000_000);
        jade = shop.gift(1_000_000);
        shop.sql("UPDATE gift SET price = 100000000.00 WHERE id = " + jade);
        assertThat(tea).isEqualTo(1);
        assertThat(jade).isEqualTo(2);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    static Stream<Arguments> unusualCarts() {
        return Stream.of(
                argumentSet("an id written as an escape", "{\"\\u0031\": 1}"),
                argumentSet("a byte order mark", "\uFEFF{\"1\": 1}"),
                argumentSet("white space around", "\r\n\t {\r\n\"1\"\t:\n1 } \n"),
                argumentSet("the largest body", "{\"1\": 1}" + " ".repeat(LARGEST_BODY - 8)),
                argumentSet("the most pieces of a gift", "{\"1\": 10000}"),
                argumentSet("the dearest order", "{\"2\": 1}"));
    }

    @ParameterizedTest
    @MethodSource("unusualCarts")
    void anUnusualCartIsAnOrder(String body) {
        long before = shop.number("SELECT COUNT(*) FROM orders");

        ResponseSpec answer =
                order(body.getBytes(StandardCharsets.UTF_8), HttpHeaders.CONTENT_TYPE, "application/json");

        answer.expectStatus().isCreated();
        assertThat(shop.number("SELECT COUNT(*) FROM orders")).isEqualTo(before + 1);
        assertThat(shop.brokenOrders()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json;charset=UTF-8", "application/json; charset=utf-8", "Application/JSON"})
    void jsonMayBeCalledByItsLongerNames(String type) {
        ResponseSpec answer = order("{\"1\": 1}".getBytes(StandardCharsets.UTF_8), HttpHeaders.CONTENT_TYPE, type);

        answer.expectStatus().isCreated();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml", "nonsense", "*/*;q=0"})
    void theAnswerIsJsonWhateverIsAskedFor(String accept) {
        ResponseSpec answer = order("{\"1\": 1}".getBytes(StandardCharsets.UTF_8), HttpHeaders.ACCEPT, accept);

        answer.expectStatus().isCreated().expectHeader().contentType("application/json");
    }

    @Test
    void aKeyIsTheSameQuotedOrBareAndUpTo255CharactersLong() {
        String key = "k".repeat(255);

        ResponseSpec bare = order("{\"1\": 3}".getBytes(StandardCharsets.UTF_8), IdempotencyKey.HEADER, key);
        ResponseSpec quoted =
                order("{\"1\": 3}".getBytes(StandardCharsets.UTF_8), IdempotencyKey.HEADER, "\"" + key + "\"");

        bare.expectStatus().isCreated();
        quoted.expectStatus().isOk().expectHeader().valueEquals("Idempotency-Replayed", "true");
    }

    private static ResponseSpec order(byte[] body, String header, String value) {
        return shop.http()
                .post()
                .uri("/orders")
                .headers(headers -> {
                    headers.setBearerAuth(Shop.buyer(1));
                    headers.set(HttpHeaders.CONTENT_TYPE, "application/json");
                    headers.set(header, value);
                })
                .bodyValue(body)
                .exchange();
    }
}
