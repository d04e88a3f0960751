package io.giftorders.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

/** What operators find of all buyers' orders. */
class SearchOrdersTests {

    private static final long ALICE = 7;
    private static final long BOB = 8;

    private static Shop shop;

    /** Alice's first, Bob's first, Alice's second and so on; each second one of hers is given up. */
    private static List<String> codes = List.of();

    private static String between = "";

    @BeforeAll
    static void open() {
        shop = Shop.open();
        long gift = shop.gift(1_000);
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            placed.add(order(ALICE, gift));
            placed.add(order(BOB, gift));
            if (i % 2 == 1) {
                shop.act(Shop.buyer(ALICE), placed.get(2 * i), "cancel").block();
            }
            if (i == 2) {
                // at another millisecond than the codes before and after
                Instant moment = Instant.now().plusMillis(2).truncatedTo(ChronoUnit.MILLIS);
                between = moment.toString();
                Shop.await(() -> Instant.now().isAfter(moment));
            }
        }
        codes = List.copyOf(placed);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String order(long uid, long gift) {
        return shop.order(uid, "{\"" + gift + "\": 1}").block().orderCode();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                               | 11 10 9 8 7 6 5 4 3 2 1 0
            uid=7                            | 10 8 6 4 2 0
            uid=9                            | ''
            status=5                         | 10 6 2
            uid=8&status=5                   | ''
            uid=7&status=1                   | 8 4 0
            status=1                         | 11 9 8 7 5 4 3 1 0
            status=1,5                       | 11 10 9 8 7 6 5 4 3 2 1 0
            status=1&status=5&uid=7          | 10 8 6 4 2 0
            status=2,3,4,6                   | ''
            order_code={3}                   | 3
            order_code={3}&uid=8             | 3
            order_code={3}&uid=7             | ''
            order_code={3}&status=5          | ''
            order_code={2}&status=5,6        | 2
            order_code={3}&before={3}        | ''
            order_code=1                     | ''
            order_code=9223372036854775807   | ''
            before={4}                       | 3 2 1 0
            from={between}                   | 11 10 9 8 7 6
            to={between}                     | 5 4 3 2 1 0
            to={between}&uid=7               | 4 2 0
            from={between}&status=5          | 10 6
            from={between}&to=2099-01-01T00:00:00Z | 11 10 9 8 7 6
            order_code={3}&from={between}    | ''
            order_code={3}&to={between}      | 3
            to=2001-01-01T00:00:00%2B08:00   | ''
            to=2001-01-01T00:00:00+08:00     | ''
            uid=7&status=&order_code=&from=  | 10 8 6 4 2 0
            """)
    void whatIsAskedForIsFound(String query, String found) {
        List<String> expected = found.isEmpty()
                ? List.of()
                : List.of(found.split(" ")).stream()
                        .map(index -> codes.get(Integer.parseInt(index)))
                        .toList();

        assertThat(codesOn(search("?" + filled(query)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1",
        "'', 5",
        "uid=7, 2",
        "'status=1,5', 5",
        "status=1&uid=7, 1",
        "to=2099-01-01T08:00:00%2B08:00, 4"
    })
    void thePagesOfASearchShowEveryOrderOnce(String query, int limit) {
        List<String> everything = codesOn(search("?limit=100&" + query));
        List<String> walked = new ArrayList<>();
        Object next = "/desk/orders?limit=" + limit + "&" + query;

        for (int pages = 0; next != null && pages < 20; pages++) {
            Answer page = get(String.valueOf(next));
            walked.addAll(codesOn(page));
            next = page.body().get("next");
        }

        assertThat(next).isNull();
        assertThat(walked).isNotEmpty().isEqualTo(everything);
    }

    @Test
    void anOrderIsFoundAsItsBuyerReadsIt() {
        Answer hers = shop.call(HttpMethod.GET, "/orders/" + codes.get(0), Shop.buyer(ALICE), null)
                .block();

        assertThat(search("?order_code=" + codes.get(0)).body()).isEqualTo(Map.of("orders", List.of(hers.body())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            state=1                                         | state
            Uid=7                                           | Uid
            uid=x                                           | uid
            uid=07                                          | uid
            uid=-1                                          | uid
            uid=7&uid=8                                     | uid
            uid=&uid=                                       | uid
            uid=1234567890123456789                         | uid
            order_code=0                                    | order_code
            order_code=1e3                                  | order_code
            status=0                                        | status
            status=7                                        | status
            status=01                                       | status
            status=1,                                       | status
            status=paid                                     | status
            from=yesterday                                  | from
            from=2030-01-31                                 | from
            from=2030-01-31T20:00:00                        | from
            from=%2B292278995-01-01T00:00:00Z               | from
            to=0999-12-31T00:00:00Z                         | to
            to=2030-02-30T20:00:00Z                         | to
            from=2030-01-31T20:00:00Z&to=2030-01-31T20:00:00Z | to
            from=2030-01-31T20:00:00Z&to=2030-01-31T21:00:00%2B08:00 | to
            before=-5                                       | before
            limit=0                                         | limit
            limit=101                                       | limit
            limit=1&limit=2                                 | limit
            """)
    void nonsenseIsRefusedWithItsParameter(String query, String field) {
        Answer answer = search("?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.body().get("field")).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/desk/orders", "/desk/payments", "/desk/orders?state=1"})
    void aBuyerIsTurnedAway(String path) {
        Answer answer = shop.call(HttpMethod.GET, path, Shop.buyer(ALICE), null).block();

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.problem()).isEqualTo("not-allowed");
    }

    @Test
    void timesInASearchGoOnToItsNextPage() {
        Answer page = search(
                "?status=5&status=1&limit=2&uid=7&from=" + filled("{between}") + "&to=2099-01-01T00:00:00%2B08:00");

        assertThat(page.body().get("next"))
                .isEqualTo("/desk/orders?uid=7&status=1&status=5&from=" + Instant.parse(between)
                        + "&to=2098-12-31T16:00:00Z&before=" + codes.get(8) + "&limit=2");
    }

    private static String filled(String query) {
        String filled = query.replace("{between}", between);
        for (int i = 0; i < codes.size(); i++) {
            filled = filled.replace("{" + i + "}", codes.get(i));
        }
        return filled;
    }

    private static Answer search(String query) {
        return get("/desk/orders" + query);
    }

    private static Answer get(String path) {
        EntityExchangeResult<Map<String, Object>> answer = shop.http()
                .get()
                .uri(URI.create(shop.address() + path))
                .headers(headers -> headers.setBearerAuth(Shop.operator()))
                .exchange()
                .expectBody(new ParameterizedTypeReference<Map<String, Object>>() {})
                .returnResult();
        return new Answer(answer.getStatus().value(), answer.getResponseBody(), answer.getResponseHeaders());
    }

    private static List<String> codesOn(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        List<String> codes = new ArrayList<>();
        ((List<?>) answer.body().get("orders"))
                .forEach(order -> codes.add(String.valueOf(((Map<?, ?>) order).get("order_code"))));
        assertThat(codes).isSortedAccordingTo(Collections.reverseOrder(Comparator.comparing(Long::valueOf)));
        return codes;
    }
}
