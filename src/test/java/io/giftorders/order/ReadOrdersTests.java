package io.giftorders.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import reactor.core.publisher.Flux;

/** What buyers see of their orders. */
class ReadOrdersTests {

    private static final long ALICE = 7;
    private static final long BOB = 8;
    private static final int ORDERS = 45;

    private static Shop shop;
    private static long tea;
    private static long fan;

    /** Alice's orders in the order in which she placed them. Bob's come between. */
    private static List<String> codes = List.of();

    @BeforeAll
    static void open() {
        shop = Shop.open();
        tea = shop.gift(10_000);
        fan = shop.gift(10_000);
        List<String> placed = new ArrayList<>();
        Flux.range(1, ORDERS)
                .concatMap(i -> Flux.concat(
                        shop.order(ALICE, "{\"" + fan + "\": " + i + ", \"" + tea + "\": 1}")
                                .doOnNext(answer -> placed.add(answer.orderCode())),
                        shop.order(BOB, "{\"" + tea + "\": 1}")))
                .blockLast();
        codes = List.copyOf(placed);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void theNewestTwentyOrdersComeFirst() {
        Map<String, @Nullable Object> page = page("/orders", ALICE);

        assertThat(codesOn(page)).isEqualTo(newestFirst().subList(0, 20));
        assertThat(page).containsEntry("next", "/orders?before=" + newestFirst().get(19) + "&limit=20");
    }

    @ParameterizedTest
    @CsvSource({"1, 46", "7, 7", "9, 6", "20, 3", "45, 2", "100, 1"})
    void thePagesShowEveryOrderOnce(int limit, int pages) {
        List<List<String>> walked = new ArrayList<>();
        String next = "/orders?limit=" + limit;

        while (next != null && walked.size() <= pages) {
            Map<String, @Nullable Object> page = page(next, ALICE);
            walked.add(codesOn(page));
            next = (String) page.get("next");
        }

        assertThat(walked).hasSize(pages);
        assertThat(walked.stream().flatMap(List::stream)).isEqualTo(newestFirst());
        assertThat(walked).allSatisfy(page -> assertThat(page).hasSizeLessThanOrEqualTo(limit));
    }

    @Test
    void anOrderPlacedMeanwhileDoesNotShiftThePages() {
        long carol = 9;
        List<String> placed = Flux.range(1, 3)
                .concatMap(i -> shop.order(carol, "{\"" + tea + "\": 1}"))
                .map(Shop.Answer::orderCode)
                .collectList()
                .block();
        Map<String, @Nullable Object> first = page("/orders?limit=2", carol);

        shop.order(carol, "{\"" + tea + "\": 1}").block();
        Map<String, @Nullable Object> second = page(String.valueOf(first.get("next")), carol);

        assertThat(codesOn(first)).containsExactly(placed.get(2), placed.get(1));
        assertThat(codesOn(second)).containsExactly(placed.get(0));
    }

    @Test
    void anOrderIsReadAsItWasPlaced() {
        Shop.Answer placed = Objects.requireNonNull(
                shop.order(10, "{\"" + fan + "\": 2, \"" + tea + "\": 3}").block());

        EntityExchangeResult<Map<String, @Nullable Object>> read = get("/orders/" + placed.orderCode(), 10);

        assertThat(read.getStatus().value()).isEqualTo(200);
        assertThat(placed.headers().getFirst("Location")).isEqualTo("/orders/" + placed.orderCode());
        assertThat(read.getResponseBody()).isEqualTo(placed.body());
        assertThat(read.getResponseBody())
                .containsEntry("order_code", placed.orderCode())
                .containsEntry("uid", 10)
                .containsEntry("total_count", 5)
                .containsEntry("total_amount", "49.50")
                .containsEntry("status", 1)
                .containsEntry(
                        "items",
                        List.of(
                                Map.of("goods_id", (int) tea, "counts", 3, "price", "9.90"),
                                Map.of("goods_id", (int) fan, "counts", 2, "price", "9.90")));
        assertThat(Instant.parse(String.valueOf(read.getResponseBody().get("created_at"))))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void anOrdersCodeIsTextBecauseItIsTooLongForJavaScript() {
        Object code = get("/orders/" + codes.get(0), ALICE).getResponseBody().get("order_code");

        assertThat(code).isInstanceOf(String.class).asString().matches("[1-9][0-9]{15,18}");
    }

    @Test
    void everyOrderOnAPageHasItsItems() {
        Map<String, @Nullable Object> page = page("/orders?limit=45", ALICE);

        assertThat(ordersOn(page)).hasSize(ORDERS).allSatisfy(order -> assertThat((List<?>) order.get("items"))
                .hasSize(2));
        assertThat(ordersOn(page).stream().map(order -> ((Number) order.get("total_count")).longValue()))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, ORDERS)
                        .map(i -> ORDERS + 2 - i)
                        .boxed()
                        .toList());
    }

    @Test
    void somebodyElsesOrderIsNotThere() {
        EntityExchangeResult<Map<String, @Nullable Object>> hers = get("/orders/" + codes.get(0), BOB);
        EntityExchangeResult<Map<String, @Nullable Object>> nobodys = get("/orders/1", BOB);

        assertThat(Stream.of(hers, nobodys)).allSatisfy(answer -> {
            assertThat(answer.getStatus().value()).isEqualTo(404);
            assertThat(answer.getResponseBody()).containsEntry("type", "/problems/order-not-found");
        });
        assertThat(hers.getResponseBody())
                .containsOnlyKeys(nobodys.getResponseBody().keySet());
    }

    @Test
    void nobodySeesSomebodyElsesOrdersOnAPage() {
        Map<String, @Nullable Object> page = page("/orders?limit=100", BOB);

        assertThat(codesOn(page)).hasSize(ORDERS).doesNotContainAnyElementsOf(codes);
    }

    @Test
    void whoHasNoOrdersGetsAnEmptyPage() {
        Map<String, @Nullable Object> page = page("/orders", 11);

        assertThat(page).isEqualTo(Map.of("orders", List.of()));
    }

    private static List<String> newestFirst() {
        List<String> reversed = new ArrayList<>(codes);
        Collections.reverse(reversed);
        return reversed;
    }

    private static List<String> codesOn(Map<String, @Nullable Object> page) {
        return ordersOn(page).stream()
                .map(order -> (String) order.get("order_code"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> ordersOn(Map<String, @Nullable Object> page) {
        return (List<Map<String, Object>>) Objects.requireNonNull(page.get("orders"));
    }

    private static Map<String, @Nullable Object> page(String path, long uid) {
        return Objects.requireNonNull(get(path, uid).getResponseBody());
    }

    private static EntityExchangeResult<Map<String, @Nullable Object>> get(String path, long uid) {
        return shop.http()
                .get()
                .uri(path)
                .headers(headers -> headers.setBearerAuth(Shop.buyer(uid)))
                .exchange()
                .expectBody(new ParameterizedTypeReference<Map<String, @Nullable Object>>() {})
                .returnResult();
    }
}
