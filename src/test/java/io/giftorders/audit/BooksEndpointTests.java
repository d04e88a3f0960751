package io.giftorders.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What an operator hears who has the books checked. A checker that finds nothing proves nothing: each kind of error is made
 * by hand here, found, and corrected.
 */
class BooksEndpointTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final MediaType CSV = MediaType.valueOf("text/csv");
    private static final String BOOKS = "/actuator/books";
    private static final String HEADER = "uid,idempotency_key,status,problem,order_code\n";

    private static final String AUDIT_WAITS = "SELECT COUNT(*) FROM information_schema.processlist"
            + " WHERE state LIKE 'Waiting for table%' AND info LIKE '%supplied%' AND db = DATABASE()";

    private static Shop shop;
    private static WebTestClient management;
    private static String paid;
    private static String unpaid;

    /** A shop that works no more, with an order in each state that money can bring about. */
    @BeforeAll
    static void open() {
        shop = Shop.open("--gift-orders.payment.refund-check-every=50ms");
        management = WebTestClient.bindToServer()
                .baseUrl(shop.managementAddress())
                .responseTimeout(Duration.ofSeconds(30))
                .build();
        long gift = shop.gift(20, ", \"limit_per_user\": 5");
        paid = order(1, gift, "key-1");
        pay(1, paid);
        String refunded = order(2, gift, null);
        pay(2, refunded);
        shop.act(Shop.operator(), refunded, "refund").block();
        unpaid = order(3, gift, null);
        shop.act(Shop.buyer(4), order(4, gift, null), "cancel").block();
        Shop.await(() -> shop.number("SELECT COUNT(*) FROM refund WHERE confirmed_at IS NULL") == 0);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String order(long uid, long gift, @Nullable String key) {
        return shop.order(uid, "{\"" + gift + "\": 2}", key).block().orderCode();
    }

    private static void pay(long uid, String order) {
        ALIPAY.pay(ALIPAY.open(shop.payUrl(uid, order)));
        Shop.await(() -> shop.status(order) == 2);
    }

    @Test
    void booksThatBalanceAreSaidToBalance() {
        Map<String, Object> report = ok(check());

        assertThat(report)
                .containsEntry("balanced", true)
                .containsEntry("orders", 4)
                .containsEntry("found", Map.of())
                .containsEntry("differences", List.of())
                .containsKey("checked_at")
                .hasSize(5);
    }

    @Test
    void aMetricSaysWhatTheLastCheckFound() {
        shop.sql("UPDATE gift SET sales = sales + 1");
        try {
            ok(check());
            assertThat(shop.metric("gift.orders.books.differences")).isPositive();
        } finally {
            shop.sql("UPDATE gift SET sales = sales - 1");
        }

        ok(check());
        assertThat(shop.metric("gift.orders.books.differences")).isZero();
        assertThat(shop.metric("gift.orders.books.checked")).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stock          | gift SET stock = stock + # | | 17 in stock and 4 in orders; 20 were put in",
                "stock          | gift SET supplied = supplied + # | | 21 were put in",
                "sales          | gift SET sales = sales + # | | sales 5; orders hold 4",
                "totals         | orders SET total_count = total_count + # WHERE uid = 3 | SELECT order_code FROM orders WHERE"
                        + " uid = 3 | says 3 pieces for 19.80; its items are 2 for 19.80",
                "totals         | orders SET total_amount = total_amount + # WHERE uid = 3 | SELECT order_code FROM orders"
                        + " WHERE uid = 3 | says 2 pieces for 20.80",
                "totals         | order_item SET order_code = order_code + # WHERE uid = 3 | SELECT order_code FROM orders"
                        + " WHERE uid = 3 | its items are 0 for 0",
                "items          | order_item SET refunded = refunded + 3 * # WHERE uid = 1 | SELECT order_code FROM orders"
                        + " WHERE uid = 1 | 3 refunded",
                "items          | order_item SET returned = returned - # WHERE uid = 1 | SELECT order_code FROM orders WHERE"
                        + " uid = 1 | -1 are returned",
                "items          | order_item SET uid = uid + 90 * # WHERE uid IN (3, 93) | SELECT order_code FROM orders WHERE"
                        + " uid = 3 | buyer 93 0 are returned and 0 refunded; the order is buyer 3's.",
                "items          | order_item SET order_code = order_code + # WHERE uid = 3 | SELECT order_code FROM order_item"
                        + " WHERE uid = 3 | the order is not there",
                "pieces         | orders SET status = status - 4 * # WHERE uid = 2 | SELECT order_code FROM orders WHERE uid ="
                        + " 2 | status 2 of 2 pieces has returned 2 and refunded 2",
                "pieces         | orders SET status = status - 4 * # WHERE uid = 4 | SELECT order_code FROM orders WHERE uid ="
                        + " 4 | status 1 of 2 pieces has returned 2",
                "money          | orders SET status = status - # WHERE uid = 1 | SELECT order_code FROM orders WHERE uid = 1"
                        + " | has money 19.80 for goods worth 0",
                "payments       | orders SET status = status + # WHERE uid = 3 | SELECT order_code FROM orders WHERE uid = 3"
                        + " | lives on 0 payments",
                "payments       | payment SET total_amount = total_amount + # WHERE order_code IN (SELECT order_code FROM"
                        + " orders WHERE uid = 1) | SELECT order_code FROM orders WHERE uid = 1 | payments of 20.80 for 19.80",
                "payments       | refund SET cause = cause + # | SELECT order_code FROM orders WHERE uid = 2 | lives on 0",
                "stray-payments | payment SET order_code = order_code + # | SELECT MIN(order_code) FROM payment | for no order",
                "stray-refunds  | refund SET order_code = order_code + # | SELECT order_code FROM refund | of no payment",
                "refunds        | refund SET amount = amount + # | SELECT order_code FROM refund | is paid back with 20.80.",
                "refunds        | refund SET amount = amount - #, cause = cause + # | SELECT order_code FROM refund | it is sent"
                        + " away with 18.80",
                "counts         | purchase SET counts = counts + # WHERE uid = 1 | | counted with 3 of gift 1 and holds 2",
                "counts         | purchase SET uid = uid + 90 * # WHERE uid IN (3, 93) | | Buyer 3 is not counted, and holds 2",
                "limits         | purchase SET allowed = allowed - 4 * # WHERE uid = 1 | | has 2 of gift 1; 1 were allowed"
            })
    void anErrorMadeByHandIsFoundWithItsOrder(String check, String error, @Nullable String order, String detail) {
        shop.sql("UPDATE " + error.replace("#", "(1)"));
        Map<String, Object> report;
        String about;
        try {
            report = ok(check());
            about = order == null ? null : Long.toString(shop.number(order));
        } finally {
            shop.sql("UPDATE " + error.replace("#", "(-1)"));
        }

        assertThat(report).containsEntry("balanced", false);
        assertThat(differences(report)).anySatisfy(difference -> {
            assertThat(difference.get("check")).isEqualTo(check);
            assertThat(difference.get("order_code")).isEqualTo(about);
            assertThat(String.valueOf(difference.get("detail"))).contains(detail);
        });
        assertThat(ok(check())).containsEntry("balanced", true);
    }

    @Test
    void everyDifferenceIsCountedAndTheFirstAreListed() {
        shop.sql("INSERT INTO payment (trade_no, order_code, total_amount, paid_at, created_at)"
                + " WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 120)"
                + " SELECT CONCAT('stray', n), n, 1.00, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) FROM numbers");
        Map<String, Object> report;
        try {
            report = ok(check());
        } finally {
            shop.sql("DELETE FROM payment WHERE trade_no LIKE 'stray%'");
        }

        assertThat(report).containsEntry("found", Map.of("stray-payments", 120));
        assertThat(differences(report)).hasSize(50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // acknowledged, and never written; another buyer's; under another key
                "lost-order       | 9,a,201,,12345;1,key-1,201,,PAID        | 12345 | buyer 9 under key a",
                "lost-order       | 9,a,200,,PAID                           | PAID  | buyer 9 under key a",
                "lost-order       | 1,key-1,201,,PAID;1,key-2,201,,PAID     | PAID  | buyer 1 under key key-2",
                "lost-order       | 3,,201,,UNPAID;3,,201,,77               | 77    | buyer 3 without a key",
                // refused, and there; sent by nobody; more orders than answers that leave one open
                "unexpected-order | 1,key-1,409,out-of-stock,               | PAID  | that it was not placed",
                "unexpected-order | 1,key-1,503,overloaded,                 | PAID  | that it was not placed",
                "unexpected-order | 1,key-1,503,database-unavailable,       | PAID  | that it was not placed",
                "unexpected-order | 1,key-2,0,,                             | PAID  | Nobody sent it",
                "unexpected-order | 3,k,0,,                                 | UNPAID | Nobody sent it",
                "two-orders       | 1,key-1,201,,PAID;1,key-1,200,,78       | 78    | as order PAID was"
            })
    void anAnswerThatDoesNotAgreeWithTheOrdersIsFound(String check, String answers, String order, String detail) {
        Map<String, Object> report = ok(compare(answers, ""));

        assertThat(report).containsEntry("balanced", false);
        assertThat(differences(report)).anySatisfy(difference -> {
            assertThat(difference.get("check")).isEqualTo(check);
            assertThat(difference.get("order_code")).isEqualTo(filled(order));
            assertThat(String.valueOf(difference.get("detail"))).contains(filled(detail));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,key-1,201,,PAID;3,,201,,UNPAID",
                "1,key-1,0,,;1,key-1,200,,PAID",
                "1,key-1,503,overloaded,;1,key-1,201,,PAID",
                // what nobody can have known
                "1,key-1,0,,",
                "1,key-1,503,outcome-unknown,PAID",
                "1,key-1,500,internal-error,",
                "1,key-1,503,,",
                "1,key-1,409,out-of-stock,;1,key-1,0,,",
                "3,,0,,",
                // and nothing of it came to be
                "9,a,0,,;9,b,409,out-of-stock,;9,c,503,outcome-unknown,66",
                "\"1\",\"key-1\",\"201\",\"\",\"PAID\""
            })
    void answersThatAgreeWithTheOrdersBalance(String answers) {
        assertThat(ok(compare(answers, "")))
                .containsEntry("differences", List.of())
                .containsEntry("balanced", true)
                .containsEntry("answers", answers.split(";").length);
    }

    @Test
    void ordersFromBeforeMayHaveBeenSentByAnybodyAndMustBeThereAllTheSame() {
        String refused = "1,key-1,409,out-of-stock,";

        assertThat(ok(compare(refused, "?since=2222-01-01T00:00:00Z"))).containsEntry("balanced", true);
        assertThat(ok(compare(refused, "?since=2020-01-01T00:00:00Z"))).containsEntry("balanced", false);
        assertThat(ok(compare("1,key-1,201,,5", "?since=2222-01-01T00:00:00Z")))
                .containsEntry("found", Map.of("lost-order", 1));
    }

    @Test
    void moreBuyersThanFitAStatementAreAllCompared() {
        StringBuilder answers = new StringBuilder(HEADER);
        for (int uid = 10; uid < 2_510; uid++) {
            answers.append(uid).append(",k,0,,\n");
        }
        answers.append("1,key-1,404,unknown-gift,\n");

        assertThat(ok(post(BOOKS, answers.toString().getBytes(StandardCharsets.UTF_8))))
                .containsEntry("found", Map.of("unexpected-order", 1));
    }

    /** A change committed in the middle of an audit is not in it; and there is one audit at a time. */
    @Test
    void everythingIsReadAsOfOneMomentAndByOneAtATime() {
        Connection other = shop.connect();
        run(other, "LOCK TABLES order_item WRITE");
        CompletableFuture<EntityExchangeResult<Map<String, Object>>> first;
        EntityExchangeResult<Map<String, Object>> second;
        try {
            first = CompletableFuture.supplyAsync(BooksEndpointTests::check);
            // its first statement has been answered, its second one waits
            Shop.await(() -> shop.number(AUDIT_WAITS) == 1);
            second = check();
            shop.sql("UPDATE gift SET stock = stock + 1");
        } finally {
            run(other, "UNLOCK TABLES");
            Mono.from(other.close()).block();
        }

        try {
            assertThat(ok(first.join())).containsEntry("balanced", true);
            assertThat(ok(check())).containsEntry("balanced", false);
        } finally {
            shop.sql("UPDATE gift SET stock = stock - 1");
        }
        assertProblem(second, 503, "audit-running");
        assertThat(second.getResponseHeaders().getFirst(HttpHeaders.RETRY_AFTER))
                .isEqualTo("10");
    }

    @Test
    void onlyOperatorsMayAsk() {
        assertProblem(exchange(management.method(HttpMethod.GET).uri(BOOKS)), 401, "not-authenticated");
        assertProblem(
                exchange(management
                        .method(HttpMethod.POST)
                        .uri(BOOKS)
                        .headers(headers -> headers.setBearerAuth(Shop.buyer(1)))
                        .contentType(CSV)
                        .bodyValue(HEADER)),
                403,
                "not-allowed");
    }

    @Test
    void theShopsPortKnowsNothingOfIt() {
        assertThat(List.of(HttpMethod.GET, HttpMethod.POST)).allSatisfy(method -> shop.http()
                .method(method)
                .uri(BOOKS)
                .headers(headers -> headers.setBearerAuth(Shop.operator()))
                .contentType(CSV)
                .bodyValue(HEADER)
                .exchange()
                .expectStatus()
                .isNotFound());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1,key-1,201,,5",
                "uid,key,status,problem,order_code\n",
                HEADER + "1,key-1,201,\n",
                HEADER + "1,key-1,201,,\n",
                HEADER + "buyer,key-1,0,,\n",
                HEADER + "1,key-1,created,,5\n",
                HEADER + "1,key-1,201,,5x\n",
                HEADER + "1,\"key-1,201,,5\n",
                HEADER + "1,k\u00ff,0,,\n"
            })
    void whatIsNoListOfAnswersIsRefused(String body) {
        // one byte a character, so that the last one is no UTF-8
        EntityExchangeResult<Map<String, Object>> refused = post(BOOKS, body.getBytes(StandardCharsets.ISO_8859_1));

        assertProblem(refused, 400, "invalid-request");
        assertThat(refused.getResponseBody()).containsEntry("field", "body");
    }

    @Test
    void theLineThatIsNoAnswerIsNamed() {
        EntityExchangeResult<Map<String, Object>> refused =
                post(BOOKS, (HEADER + "1,a,0,,\n1,b,0,,\n1,c,maybe,,\n").getBytes(StandardCharsets.UTF_8));

        assertThat(refused.getResponseBody()).containsEntry("detail", "Line 4 is not an answer.");
    }

    @Test
    void aTimeThatIsNoneIsRefused() {
        EntityExchangeResult<Map<String, Object>> refused = compare("", "?since=yesterday");

        assertProblem(refused, 400, "invalid-request");
        assertThat(refused.getResponseBody()).containsEntry("field", "since");
    }

    @Test
    void anotherTypeIsRefused() {
        assertProblem(
                exchange(asOperator(HttpMethod.POST, BOOKS)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue("{}")),
                415,
                "unsupported-media-type");
    }

    @Test
    void moreThanAnyoneNeedsIsRefusedWhetherOrNotItsLengthIsSaid() {
        byte[] piece = new byte[1024 * 1024];

        assertProblem(post(BOOKS, new byte[33 * piece.length]), 413, "body-too-large");
        assertProblem(
                exchange(asOperator(HttpMethod.POST, BOOKS)
                        .contentType(CSV)
                        .body(BodyInserters.fromPublisher(
                                Flux.range(0, 33).map(i -> new String(piece, StandardCharsets.US_ASCII)),
                                String.class))),
                413,
                "body-too-large");
    }

    private static EntityExchangeResult<Map<String, Object>> check() {
        return exchange(asOperator(HttpMethod.GET, BOOKS));
    }

    /** @param answers lines, with semicolons between them */
    private static EntityExchangeResult<Map<String, Object>> compare(String answers, String query) {
        String body = HEADER + filled(answers).replace(';', '\n');
        return post(BOOKS + query, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String filled(String text) {
        return text.replace("UNPAID", unpaid).replace("PAID", paid);
    }

    private static EntityExchangeResult<Map<String, Object>> post(String path, byte[] csv) {
        return exchange(asOperator(HttpMethod.POST, path).contentType(CSV).bodyValue(csv));
    }

    private static WebTestClient.RequestBodySpec asOperator(HttpMethod method, String path) {
        return management.method(method).uri(path).headers(headers -> headers.setBearerAuth(Shop.operator()));
    }

    private static EntityExchangeResult<Map<String, Object>> exchange(WebTestClient.RequestHeadersSpec<?> request) {
        return request.exchange()
                .expectBody(new ParameterizedTypeReference<Map<String, Object>>() {})
                .returnResult();
    }

    private static Map<String, Object> ok(EntityExchangeResult<Map<String, Object>> result) {
        assertThat(result.getStatus().value())
                .as("%s", result.getResponseBody())
                .isEqualTo(200);
        return result.getResponseBody();
    }

    private static void assertProblem(EntityExchangeResult<Map<String, Object>> result, int status, String problem) {
        assertThat(result.getStatus().value())
                .as("%s", result.getResponseBody())
                .isEqualTo(status);
        assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(result.getResponseBody()).containsEntry("type", "/problems/" + problem);
    }

    @SuppressWarnings("unchecked") // as the JSON has it
    private static List<Map<String, Object>> differences(Map<String, Object> report) {
        return (List<Map<String, Object>>) report.get("differences");
    }

    private static void run(Connection connection, String statement) {
        Flux.from(connection.createStatement(statement).execute())
                .concatMap(result -> result.getRowsUpdated())
                .blockLast();
    }
}
