package io.giftorders.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.identity.TestIssuer;
import io.giftorders.shop.Shop;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Flux;

/** Whatever a buyer sends, the answer says what is wrong with it, and the books stay as they are. */
class BadInputTests {

    /** What this class sells: a gift of the usual price, and one as dear as a payment can be. */
    private static final long TEA = 1;

    private static final long JADE = 2;
    private static final int KILOBYTE = 1024;

    private static Shop shop;

    private String before = "";

    @BeforeAll
    static void open() {
        shop = Shop.open();
        assertThat(shop.gift(1_000_000)).isEqualTo(TEA);
        assertThat(shop.gift(1_000_000)).isEqualTo(JADE);
        shop.sql("UPDATE gift SET price = 100000000.00 WHERE id = " + JADE);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @BeforeEach
    void lookAtTheBooks() {
        before = books();
    }

    static Stream<Arguments> bodiesThatAreNoCart() {
        return Stream.of(
                argumentSet("nothing", ""),
                argumentSet("white space", " \n\t "),
                argumentSet("null", "null"),
                argumentSet("a list", "[]"),
                argumentSet("a list of carts", "[{\"1\": 1}]"),
                argumentSet("a string", "\"1\""),
                argumentSet("a number", "1"),
                argumentSet("true", "true"),
                argumentSet("an empty cart", "{}"),
                argumentSet("no JSON", "one tea set, please"),
                argumentSet("half a cart", "{\"1\": 1"),
                argumentSet("a quarter of a cart", "{\"1"),
                argumentSet("a comma too many", "{\"1\": 1,}"),
                argumentSet("a comma too few", "{\"1\": 1 \"2\": 1}"),
                argumentSet("no colon", "{\"1\" 1}"),
                argumentSet("single quotes", "{'1': 1}"),
                argumentSet("no quotes", "{1: 1}"),
                argumentSet("a comment", "{\"1\": 1 /* a piece */}"),
                argumentSet("a count with a leading zero", "{\"1\": 01}"),
                argumentSet("a count with a plus", "{\"1\": +1}"),
                argumentSet("a count that is no number", "{\"1\": NaN}"),
                argumentSet("a count in Arabic digits", "{\"1\": ١}"),
                argumentSet("another cart behind it", "{\"1\": 1}{\"2\": 1}"),
                argumentSet("the same cart behind it", "{\"1\": 1} {\"1\": 1}"),
                argumentSet("a letter behind it", "{\"1\": 1} x"),
                argumentSet("a brace behind it", "{\"1\": 1}}"),
                argumentSet("a NUL behind it", "{\"1\": 1}\0"),
                argumentSet("a NUL before it", "\0{\"1\": 1}"),
                argumentSet("a line break in a name", "{\"1\n\": 1}"),
                argumentSet("an unknown escape", "{\"\\x31\": 1}"),
                argumentSet("a deep list", "[".repeat(30_000)),
                argumentSet("a name of 60 KB", "{\"" + "9".repeat(60 * KILOBYTE) + "\": 1}"),
                argumentSet("a form", "1=1&2=1"));
    }

    @ParameterizedTest
    @MethodSource("bodiesThatAreNoCart")
    void aBodyThatIsNoCartIsRefused(String body) {
        ResponseSpec answer = order(body);

        expectProblem(answer, 400, "invalid-request", "field", "body");
    }

    static Stream<Arguments> bytesThatAreNoText() {
        return Stream.of(
                argumentSet(
                        "a broken letter in a name", bytes("{\"1"), new byte[] {(byte) 0xC3, 0x28}, bytes("\": 1}")),
                argumentSet("a lone continuation byte", bytes("{\""), new byte[] {(byte) 0x80}, bytes("\": 1}")),
                argumentSet("an overlong digit", bytes("{\""), new byte[] {(byte) 0xC0, (byte) 0xB1}, bytes("\": 1}")),
                argumentSet("a letter cut short", bytes("{\""), new byte[] {(byte) 0xE8, (byte) 0x8C}, bytes("")),
                argumentSet(
                        "bytes that UTF-8 never has", bytes(""), new byte[] {(byte) 0xFE, (byte) 0xFD}, bytes("{}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void aBodyInAnotherEncodingIsRefused(String encoding) {
        ResponseSpec answer = order(bytes("{\"1\": 1}", Charset.forName(encoding)));

        expectProblem(answer, 400, "invalid-request", "field", "body");
    }

    @ParameterizedTest
    @MethodSource("bytesThatAreNoText")
    void aBodyThatIsNotUtf8IsRefused(byte[] start, byte[] middle, byte[] end) {
        ResponseSpec answer = order(joined(start, middle, end));

        expectProblem(answer, 400, "invalid-request", "field", "body");
    }

    static Stream<Arguments> cartsWithABadLine() {
        return Stream.of(
                argumentSet("a gift twice", "{\"1\": 1, \"1\": 1}", "1"),
                argumentSet("a gift twice, once escaped", "{\"1\": 1, \"\\u0031\": 1}", "1"),
                argumentSet("an id with a leading zero", "{\"01\": 1}", "01"),
                argumentSet("an id with a plus", "{\"+1\": 1}", "+1"),
                argumentSet("an id with a minus", "{\"-1\": 1}", "-1"),
                argumentSet("id 0", "{\"0\": 1}", "0"),
                argumentSet("an empty id", "{\"\": 1}", ""),
                argumentSet("an id with a space", "{\" 1\": 1}", " 1"),
                argumentSet("an id with a line break", "{\"1\\n\": 1}", "1\n"),
                argumentSet("an id with a NUL", "{\"1\\u0000\": 1}", "1\0"),
                argumentSet("an id in Arabic digits", "{\"١\": 1}", "١"),
                argumentSet("an id in wide digits", "{\"１\": 1}", "１"),
                argumentSet("an id in Chinese", "{\"茶具\": 1}", "茶具"),
                argumentSet("an id with a fraction", "{\"1.0\": 1}", "1.0"),
                argumentSet("an id with an exponent", "{\"1e3\": 1}", "1e3"),
                argumentSet("an id that is SQL", "{\"1) OR (1=1\": 1}", "1) OR (1=1"),
                argumentSet("an id of 19 digits", "{\"1000000000000000000\": 1}", "1000000000000000000"),
                argumentSet("an id of 200 digits", "{\"" + "9".repeat(200) + "\": 1}", "9".repeat(40) + "…"),
                argumentSet("count 0", "{\"1\": 0}", "1"),
                argumentSet("count -0", "{\"1\": -0}", "1"),
                argumentSet("count -1", "{\"1\": -1}", "1"),
                argumentSet("a count with a fraction", "{\"1\": 1.5}", "1"),
                argumentSet("a count with an empty fraction", "{\"1\": 1.0}", "1"),
                argumentSet("a count in hexadecimal", "{\"1\": 0x1}", "1"),
                argumentSet("a count with an exponent", "{\"1\": 1e3}", "1"),
                argumentSet("a count that is a string", "{\"1\": \"1\"}", "1"),
                argumentSet("a count that is null", "{\"1\": null}", "1"),
                argumentSet("a count that is true", "{\"1\": true}", "1"),
                argumentSet("a count that is a list", "{\"1\": [1]}", "1"),
                argumentSet("a count that is an object", "{\"1\": {\"2\": 1}}", "1"),
                argumentSet("a deep count", "{\"1\": " + "{\"1\": ".repeat(5_000), "1"),
                argumentSet("one more than a line may hold", "{\"1\": 10001}", "1"),
                argumentSet("a count of 2^32 + 1", "{\"1\": 4294967297}", "1"),
                argumentSet("a count of 2^64 + 1", "{\"1\": 18446744073709551617}", "1"),
                argumentSet("a count of 200 digits", "{\"1\": " + "9".repeat(200) + "}", "1"),
                argumentSet("a good line before", "{\"1\": 1, \"2\": 0}", "2"),
                argumentSet("21 gifts", cartOf(21), "21"));
    }

    @ParameterizedTest
    @MethodSource("cartsWithABadLine")
    void aBadLineIsRefusedByName(String body, String field) {
        ResponseSpec answer = order(body);

        expectProblem(answer, 400, "invalid-request", "field", field);
    }

    static Stream<Arguments> namesThatAreNoText() {
        return Stream.of(
                argumentSet("half a surrogate pair", "{\"\\ud83c\": 1}"),
                argumentSet("the other half", "{\"\\udf75\": 1}"),
                argumentSet("a long name with a pair at the cut", "{\"" + "x".repeat(39) + "🍵🍵\": 1}"),
                argumentSet("a count of 2,000 digits", "{\"1\": " + "9".repeat(2_000) + "}"));
    }

    @ParameterizedTest
    @MethodSource("namesThatAreNoText")
    void aNameThatCannotBeRepeatedIsRefusedAllTheSame(String body) {
        ResponseSpec answer = order(body);

        assertProblem(answer, 400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 999_999, 999_999_999_999_999_999L})
    void aGiftThatIsNotThereIsUnknown(long gift) {
        ResponseSpec answer = order("{\"1\": 1, \"" + gift + "\": 1}");

        expectProblem(answer, 404, "unknown-gift", "goods_id", gift);
    }

    static Stream<Arguments> cartsNobodyCanPay() {
        return Stream.of(
                argumentSet("a fen too much", "{\"1\": 1, \"2\": 1}"),
                argumentSet("twice too much", "{\"2\": 2}"),
                argumentSet("more than the column holds", "{\"2\": 10000}"));
    }

    @ParameterizedTest
    @MethodSource("cartsNobodyCanPay")
    void aCartBeyondOnePaymentIsRefused(String body) {
        ResponseSpec answer = order(body);

        expectProblem(answer, 422, "total-too-large", "field", "body");
    }

    @ParameterizedTest
    @ValueSource(ints = {64 * KILOBYTE + 1, 300 * KILOBYTE})
    void aLargeBodyIsRefusedByItsLength(int length) {
        ResponseSpec answer = order(padded(length));

        expectProblem(answer, 413, "body-too-large", "field", "body");
    }

    @ParameterizedTest
    @ValueSource(ints = {64 * KILOBYTE + 1, 300 * KILOBYTE, KILOBYTE * KILOBYTE})
    void aLargeBodyIsRefusedWithoutALengthToo(int length) {
        DataBuffer piece = DefaultDataBufferFactory.sharedInstance.wrap(bytes("{\"1\": 1}"));
        Flux<DataBuffer> body = Flux.just(piece)
                .concatWith(Flux.range(0, length / KILOBYTE)
                        .map(i -> DefaultDataBufferFactory.sharedInstance.wrap(bytes(" ".repeat(KILOBYTE)))));

        ResponseSpec answer = shop.http()
                .post()
                .uri("/orders")
                .headers(headers -> headers.setBearerAuth(Shop.buyer(1)))
                .contentType(MediaType.APPLICATION_JSON)
                .body(BodyInserters.fromDataBuffers(body))
                .exchange();

        expectProblem(answer, 413, "body-too-large", "field", "body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonp",
                "multipart/form-data; boundary=x",
                "nonsense",
                "application/",
                ""
            })
    void onlyJsonIsRead(String type) {
        ResponseSpec answer = order("{\"1\": 1}", headers -> headers.set(HttpHeaders.CONTENT_TYPE, type));

        expectProblem(answer, 415, "unsupported-media-type", "field", "Content-Type");
    }

    @Test
    void aBodyOfNoTypeIsNotRead() {
        ResponseSpec answer = order("{\"1\": 1}", headers -> headers.remove(HttpHeaders.CONTENT_TYPE));

        expectProblem(answer, 415, "unsupported-media-type", "field", "Content-Type");
    }

    static Stream<Arguments> badKeys() {
        return Stream.of(
                argumentSet("256 characters", List.of("k".repeat(256))),
                argumentSet("a space inside", List.of("a b")),
                argumentSet("a tab inside", List.of("a\tb")),
                argumentSet("two headers", List.of("a", "b")),
                argumentSet("the same twice", List.of("a", "a")),
                argumentSet("empty", List.of("")),
                argumentSet("quoted and empty", List.of("\"\"")),
                argumentSet("a quote alone", List.of("\"")),
                argumentSet("a quote inside", List.of("a\"b")),
                argumentSet("a quote at its start", List.of("\"a")),
                argumentSet("a quoted space", List.of("\"a b\"")),
                argumentSet("a letter that is not ASCII", List.of("cl\u00e9")));
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void aBadIdempotencyKeyIsRefused(List<String> keys) {
        ResponseSpec answer =
                order("{\"1\": 1}", headers -> keys.forEach(key -> headers.add(IdempotencyKey.HEADER, key)));

        expectProblem(answer, 400, "invalid-request", "field", IdempotencyKey.HEADER);
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 101",
        "limit, -1",
        "limit, abc",
        "limit, 1.5",
        "limit, 01",
        "limit, ''",
        "limit, 99999999999999999999",
        "before, 0",
        "before, -1",
        "before, abc",
        "before, 1 OR 1=1",
        "before, ''",
        "before, 9223372036854775808",
        "before, 99999999999999999999"
    })
    void aBadPageOfOrdersIsRefused(String parameter, String value) {
        ResponseSpec answer = get("/orders?" + parameter + "={value}", value);

        expectProblem(answer, 400, "invalid-request", "field", parameter);
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 101",
        "limit, abc",
        "limit, ''",
        "after, 0",
        "after, -1",
        "after, abc",
        "after, 99999999999999999999"
    })
    void aBadPageOfGiftsIsRefused(String parameter, String value) {
        ResponseSpec answer = get("/gifts?" + parameter + "={value}", value);

        expectProblem(answer, 400, "invalid-request", "field", parameter);
    }

    static Stream<String> badIds() {
        return Stream.of(
                "0",
                "-1",
                "+1",
                "01",
                "abc",
                "1.5",
                "1e3",
                "١",
                "茶具",
                "1 OR 1=1",
                "9223372036854775808",
                "1;x=1x",
                "99999999999999999999",
                " ");
    }

    @ParameterizedTest
    @MethodSource("badIds")
    void aBadOrderCodeIsRefused(String code) {
        ResponseSpec answer = get("/orders/{code}", code);

        expectProblem(answer, 400, "invalid-request", "field", "order_code");
    }

    @ParameterizedTest
    @MethodSource("badIds")
    void aBadGiftIdIsRefused(String id) {
        ResponseSpec answer = get("/gifts/{id}", id);

        expectProblem(answer, 400, "invalid-request", "field", "id");
    }

    @ParameterizedTest
    @MethodSource("badIds")
    void aBadGiftIdIsRefusedToOperatorsToo(String id) {
        ResponseSpec answer = shop.http()
                .patch()
                .uri("/gifts/{id}", id)
                .headers(headers -> headers.setBearerAuth(TestIssuer.INSTANCE.operator(1)))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"restock\": 1}")
                .exchange();

        expectProblem(answer, 400, "invalid-request", "field", "id");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /nothing-here, 404, not-found",
        "GET, /orders/1/items, 404, not-found",
        "GET, /dev/tokens, 404, not-found",
        "POST, /dev/tokens, 404, not-found"
    })
    void aCallThatIsNotThereIsAProblemToo(String method, String path, int status, String type) {
        ResponseSpec answer = shop.http()
                .method(HttpMethod.valueOf(method))
                .uri(path)
                .headers(headers -> headers.setBearerAuth(Shop.buyer(1)))
                .exchange();

        assertProblem(answer, status, type);
    }

    @AfterEach
    void theBooksAreAsTheyWere() {
        assertThat(books()).isEqualTo(before);
    }

    private static ResponseSpec order(String body) {
        return order(bytes(body));
    }

    private static ResponseSpec order(byte[] body) {
        return order(body, headers -> {});
    }

    private static ResponseSpec order(String body, Consumer<HttpHeaders> change) {
        return order(bytes(body), change);
    }

    private static ResponseSpec order(byte[] body, Consumer<HttpHeaders> change) {
        DataBuffer buffer = DefaultDataBufferFactory.sharedInstance.wrap(body);
        return shop.http()
                .post()
                .uri("/orders")
                .headers(headers -> {
                    headers.setBearerAuth(Shop.buyer(1));
                    headers.setContentType(MediaType.APPLICATION_JSON);
                    headers.setContentLength(body.length);
                    change.accept(headers);
                })
                // written as it is: an encoder would set, or parse, the type
                .body((request, context) -> request.writeWith(Flux.just(buffer)))
                .exchange();
    }

    private static ResponseSpec get(String path, String value) {
        return shop.http()
                .get()
                .uri(path, value)
                .headers(headers -> headers.setBearerAuth(Shop.buyer(1)))
                .exchange();
    }

    private static void expectProblem(ResponseSpec answer, int status, String type, String member, Object value) {
        assertThat(assertProblem(answer, status, type).get(member)).hasToString(String.valueOf(value));
    }

    private static Map<String, @Nullable Object> assertProblem(ResponseSpec answer, int status, String type) {
        EntityExchangeResult<Map<String, @Nullable Object>> result = answer.expectBody(
                        new ParameterizedTypeReference<Map<String, @Nullable Object>>() {})
                .returnResult();
        assertThat(result.getStatus().value())
                .as("%s", result.getResponseBody())
                .isEqualTo(status);
        assertThat(result.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(result.getResponseBody())
                .containsEntry("type", "/problems/" + type)
                .containsEntry("status", status)
                .containsKey("title");
        return result.getResponseBody();
    }

    /** Everything that an order could change. */
    private static String books() {
        return Stream.of(
                        "SELECT COUNT(*) FROM orders",
                        "SELECT COUNT(*) FROM order_item",
                        "SELECT COUNT(*) FROM purchase",
                        "SELECT COUNT(*) FROM gift",
                        "SELECT SUM(stock) FROM gift",
                        "SELECT SUM(sales) FROM gift")
                .map(query -> query + ": " + shop.number(query))
                .collect(Collectors.joining("\n"));
    }

    private static String cartOf(int lines) {
        return LongStream.rangeClosed(1, lines)
                .mapToObj(id -> "\"" + id + "\": 1")
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String padded(int length) {
        String cart = "{\"1\": 1}";
        return cart + " ".repeat(length - cart.length());
    }

    private static byte[] joined(byte[]... parts) {
        return bytes(
                Arrays.stream(parts)
                        .map(part -> new String(part, StandardCharsets.ISO_8859_1))
                        .collect(Collectors.joining()),
                StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return bytes(text, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text, Charset charset) {
        return text.getBytes(charset);
    }
}
