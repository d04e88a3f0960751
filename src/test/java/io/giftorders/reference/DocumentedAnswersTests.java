package io.giftorders.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Connection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import tools.jackson.databind.json.JsonMapper;

/** Calls a running service and holds every answer against the document. */
class DocumentedAnswersTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static final long BUYER = 1;
    private static final long STRANGER = 2;

    /** Beyond what a body may have, in characters. */
    private static final int LARGE = 70 * 1024;

    /** Call, request, who asks, a header, the body, and the answer: its status and the problem. One after the other. */
    private static final String CALLS = """
            GET /gifts | /gifts?limit=2 | | | | 200
            GET /gifts | /gifts?after={plenty} | | | | 200
            GET /gifts | /gifts?limit=0 | | | | 400 invalid-request
            POST /gifts | /gifts | operator | | {"name": "Kite 风筝", "price": "22", "stock": 5} | 201
            POST /gifts | /gifts | operator | | {"name": "Lamp", "price": "6.60", "stock": 1, "limit_per_user": 2, "sale_starts_at": "2030-01-31T20:00:00+08:00", "sale_ends_at": null} | 201
            POST /gifts | /gifts | operator | | {"name": "Kite"} | 400 invalid-request
            POST /gifts | /gifts | | | {"name": "Kite"} | 401 not-authenticated
            POST /gifts | /gifts | buyer | | {"name": "Kite"} | 403 not-allowed
            POST /gifts | /gifts | operator | | {large} | 413 body-too-large
            POST /gifts | /gifts | operator | Content-Type: text/plain | kite | 415 unsupported-media-type
            GET /gifts/{id} | /gifts/{limited} | | | | 200
            GET /gifts/{id} | /gifts/early | | | | 400 invalid-request
            GET /gifts/{id} | /gifts/999999 | | | | 404 unknown-gift
            GET /gifts/{id} | /gifts/999999 | | Accept-Language: zh-CN | | 404 unknown-gift
            PATCH /gifts/{id} | /gifts/{plenty} | operator | | {"restock": 5, "limit_per_user": null} | 200
            PATCH /gifts/{id} | /gifts/{plenty} | operator | | {} | 400 invalid-request
            PATCH /gifts/{id} | /gifts/{plenty} | | | {"restock": 5} | 401 not-authenticated
            PATCH /gifts/{id} | /gifts/{plenty} | buyer | | {"restock": 5} | 403 not-allowed
            PATCH /gifts/{id} | /gifts/999999 | operator | | {"restock": 5} | 404 unknown-gift
            PATCH /gifts/{id} | /gifts/{plenty} | operator | | {large} | 413 body-too-large
            PATCH /gifts/{id} | /gifts/{plenty} | operator | Content-Type: text/plain | 5 | 415 unsupported-media-type
            POST /orders | /orders | buyer | | {"{plenty}": 1, "{limited}": 1} | 201
            POST /orders | /orders | buyer | Idempotency-Key: cart-1 | {"{plenty}": 2} | 201
            POST /orders | /orders | buyer | Idempotency-Key: "cart-1" | {"{plenty}": 2} | 200
            POST /orders | /orders | buyer | Idempotency-Key: cart-1 | {"{plenty}": 3} | 422 idempotency-key-reused
            POST /orders | /orders | buyer | | {"{dear}": 2} | 422 total-too-large
            POST /orders | /orders | buyer | | {"{plenty}": 0} | 400 invalid-request
            POST /orders | /orders | | | {"{plenty}": 1} | 401 not-authenticated
            POST /orders | /orders | buyer | | {"999999": 1} | 404 unknown-gift
            POST /orders | /orders | buyer | | {"{scarce}": 2} | 409 out-of-stock
            POST /orders | /orders | buyer | | {"{early}": 1} | 409 sale-not-started
            POST /orders | /orders | buyer | | {"{over}": 1} | 409 sale-ended
            POST /orders | /orders | buyer | | {"{limited}": 2} | 409 limit-per-user
            POST /orders | /orders | buyer | | {large} | 413 body-too-large
            POST /orders | /orders | buyer | Content-Type: text/plain | {} | 415 unsupported-media-type
            GET /orders | /orders?limit=1 | buyer | | | 200
            GET /orders | /orders | buyer | | | 200
            GET /orders | /orders | stranger | | | 200
            GET /orders | /orders?before=x | buyer | | | 400 invalid-request
            GET /orders | /orders | | | | 401 not-authenticated
            GET /orders/{order_code} | /orders/{unpaid} | buyer | | | 200
            GET /orders/{order_code} | /orders/{paid} | buyer | | | 200
            GET /orders/{order_code} | /orders/{closed} | buyer | | | 200
            GET /orders/{order_code} | /orders/{shipped} | buyer | | | 200
            GET /orders/{order_code} | /orders/{unpaid} | stranger | | | 404 order-not-found
            GET /orders/{order_code} | /orders/x | buyer | | | 400 invalid-request
            GET /orders/{order_code} | /orders/{unpaid} | | | | 401 not-authenticated
            GET /orders/{order_code}/events | /orders/{unpaid}/events | stranger | | | 404 order-not-found
            GET /orders/{order_code}/events | /orders/x/events | buyer | | | 400 invalid-request
            GET /orders/{order_code}/events | /orders/{unpaid}/events | | | | 401 not-authenticated
            POST /orders/{order_code}/pay | /orders/{unpaid}/pay | buyer | | | 200
            POST /orders/{order_code}/pay | /orders/{unpaid}/pay | buyer | Accept: text/html | | 303
            POST /orders/{order_code}/pay | /orders/x/pay | buyer | | | 400 invalid-request
            POST /orders/{order_code}/pay | /orders/{unpaid}/pay | | | | 401 not-authenticated
            POST /orders/{order_code}/pay | /orders/{unpaid}/pay | stranger | | | 404 order-not-found
            POST /orders/{order_code}/pay | /orders/{paid}/pay | buyer | | | 409 order-status
            POST /orders/{order_code}/pay | /orders/{closed}/pay | buyer | | | 409 too-late-to-pay
            POST /orders/{order_code}/cancel | /orders/{unpaid}/cancel | buyer | | | 202
            POST /orders/{order_code}/cancel | /orders/{closed}/cancel | buyer | | | 200
            POST /orders/{order_code}/cancel | /orders/0/cancel | buyer | | | 400 invalid-request
            POST /orders/{order_code}/cancel | /orders/{closed}/cancel | | | | 401 not-authenticated
            POST /orders/{order_code}/cancel | /orders/{closed}/cancel | stranger | | | 404 order-not-found
            POST /orders/{order_code}/cancel | /orders/{paid}/cancel | buyer | | | 409 order-status
            POST /orders/{order_code}/ship | /orders/{paid}/ship | operator | | | 200
            POST /orders/{order_code}/ship | /orders/x/ship | operator | | | 400 invalid-request
            POST /orders/{order_code}/ship | /orders/{paid}/ship | | | | 401 not-authenticated
            POST /orders/{order_code}/ship | /orders/{paid}/ship | buyer | | | 403 not-allowed
            POST /orders/{order_code}/ship | /orders/1/ship | operator | | | 404 order-not-found
            POST /orders/{order_code}/ship | /orders/{closed}/ship | operator | | | 409 order-status
            POST /orders/{order_code}/receive | /orders/{shipped}/receive | buyer | | | 200
            POST /orders/{order_code}/receive | /orders/x/receive | buyer | | | 400 invalid-request
            POST /orders/{order_code}/receive | /orders/{shipped}/receive | | | | 401 not-authenticated
            POST /orders/{order_code}/receive | /orders/{shipped}/receive | stranger | | | 404 order-not-found
            POST /orders/{order_code}/receive | /orders/{closed}/receive | buyer | | | 409 order-status
            POST /orders/{order_code}/refund | /orders/{shipped}/refund | operator | Idempotency-Key: broken-1 | {"{plenty}": 1} | 202
            POST /orders/{order_code}/refund | /orders/{shipped}/refund | operator | Idempotency-Key: broken-1 | {"{plenty}": 2} | 422 idempotency-key-reused
            POST /orders/{order_code}/refund | /orders/{shipped}/refund | operator | | {"{plenty}": 2} | 409 refund-too-large
            POST /orders/{order_code}/refund | /orders/{paid}/refund | operator | | | 202
            POST /orders/{order_code}/refund | /orders/{closed}/refund | operator | | | 409 order-status
            POST /orders/{order_code}/refund | /orders/x/refund | operator | | | 400 invalid-request
            POST /orders/{order_code}/refund | /orders/{paid}/refund | | | | 401 not-authenticated
            POST /orders/{order_code}/refund | /orders/{paid}/refund | buyer | | | 403 not-allowed
            POST /orders/{order_code}/refund | /orders/1/refund | operator | | | 404 order-not-found
            POST /orders/{order_code}/refund | /orders/{paid}/refund | operator | | {large} | 413 body-too-large
            POST /orders/{order_code}/refund | /orders/{paid}/refund | operator | Content-Type: text/plain | all | 415 unsupported-media-type
            GET /orders/{order_code} | /orders/{shipped} | buyer | | | 200
            GET /orders/{order_code}/payments | /orders/{shipped}/payments | buyer | | | 200
            GET /orders/{order_code}/payments | /orders/{paid}/payments | operator | | | 200
            GET /orders/{order_code}/payments | /orders/x/payments | buyer | | | 400 invalid-request
            GET /orders/{order_code}/payments | /orders/{paid}/payments | | | | 401 not-authenticated
            GET /orders/{order_code}/payments | /orders/{paid}/payments | stranger | | | 404 order-not-found
            POST /alipay/notify | /alipay/notify | | Content-Type: application/x-www-form-urlencoded | {notice} | 200
            POST /alipay/notify | /alipay/notify | | Content-Type: application/x-www-form-urlencoded | a=b | 400
            POST /alipay/notify | /alipay/notify | | Content-Type: application/x-www-form-urlencoded | {large} | 413
            GET /alipay/return | {return} | | | | 303
            GET /alipay/return | /alipay/return?out_trade_no={paid} | | | | 400
            GET /payments/discrepancies | /payments/discrepancies?limit=1 | operator | | | 200
            GET /payments/discrepancies | /payments/discrepancies?limit=200 | operator | | | 400 invalid-request
            GET /payments/discrepancies | /payments/discrepancies | | | | 401 not-authenticated
            GET /payments/discrepancies | /payments/discrepancies | buyer | | | 403 not-allowed
            GET /desk/orders | /desk/orders?uid=1&status=1,2&limit=1 | operator | | | 200
            GET /desk/orders | /desk/orders?state=1 | operator | | | 400 invalid-request
            GET /desk/orders | /desk/orders | | | | 401 not-authenticated
            GET /desk/orders | /desk/orders | buyer | | | 403 not-allowed
            GET /desk/payments | /desk/payments?limit=1 | operator | | | 200
            GET /desk/payments | /desk/payments?before=1 | operator | | | 400 invalid-request
            GET /desk/payments | /desk/payments | | | | 401 not-authenticated
            GET /desk/payments | /desk/payments | buyer | | | 403 not-allowed
            GET /desk/events | /desk/events | | | | 401 not-authenticated
            GET /desk/events | /desk/events | buyer | | | 403 not-allowed
            GET /actuator/books | {management}/actuator/books | operator | | | 200
            GET /actuator/books | {management}/actuator/books | | | | 401 not-authenticated
            GET /actuator/books | {management}/actuator/books | buyer | | | 403 not-allowed
            POST /actuator/books | {management}/actuator/books | operator | Content-Type: text/csv | {answers} | 200
            POST /actuator/books | {management}/actuator/books?since=today | operator | Content-Type: text/csv | {answers} | 400 invalid-request
            POST /actuator/books | {management}/actuator/books | | Content-Type: text/csv | {answers} | 401 not-authenticated
            POST /actuator/books | {management}/actuator/books | buyer | Content-Type: text/csv | {answers} | 403 not-allowed
            POST /actuator/books | {management}/actuator/books | operator | | {} | 415 unsupported-media-type
            GET /openapi.yaml | /openapi.yaml | | | | 200
            GET /openapi.yaml | /openapi.yaml | | If-None-Match: {etag} | | 304
            GET /sign-in | /sign-in | | | | 200
            """;

    /** Answers that go on: call, request, who asks, and how the first event begins. */
    private static final String STREAMS = """
            GET /gifts/events | /gifts/events | | event: gifts\\ndata: []
            GET /orders/{order_code}/events | /orders/{unpaid}/events | buyer | event: order\\ndata: {"order_code":"{unpaid}"
            GET /desk/events | /desk/events | operator | event: figures\\ndata: {
            """;

    private static final Map<String, String> things = new HashMap<>();

    private static Shop shop;
    private static WebTestClient http;
    private static Reference reference;

    /** A shop with gifts of every kind and orders in every state. */
    @BeforeAll
    static void open() {
        shop = Shop.open();
        http = WebTestClient.bindToServer()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(1024 * 1024))
                .responseTimeout(Duration.ofSeconds(30))
                .build();
        EntityExchangeResult<byte[]> document =
                send(HttpMethod.GET, shop.address() + "/openapi.yaml", null, null, null);
        reference = Reference.read(new String(document.getResponseBody(), StandardCharsets.UTF_8));

        things.put("etag", document.getResponseHeaders().getETag());
        things.put("management", shop.managementAddress());
        things.put("large", " ".repeat(LARGE));
        things.put("plenty", Long.toString(shop.gift(1_000)));
        things.put("scarce", Long.toString(shop.gift(1)));
        things.put("limited", Long.toString(shop.gift(10, ", \"limit_per_user\": 2")));
        things.put("early", Long.toString(shop.gift(10, ", \"sale_starts_at\": \"2099-01-01T00:00:00Z\"")));
        things.put("over", Long.toString(shop.gift(10, ", \"sale_ends_at\": \"2001-01-01T00:00:00Z\"")));
        things.put("dear", Long.toString(shop.gift(10)));
        shop.call(HttpMethod.PATCH, "/gifts/" + things.get("dear"), Shop.operator(), "{\"price\": \"100000000.00\"}")
                .block();

        things.put("unpaid", order());
        things.put("closed", order());
        shop.act(Shop.buyer(BUYER), things.get("closed"), "cancel").block();
        things.put("paid", order());
        things.put("return", pay(things.get("paid")).replace(shop.address(), ""));
        things.put("notice", noticeForAnotherApp(things.get("paid")));
        things.put("shipped", order());
        pay(things.get("shipped"));
        shop.act(Shop.operator(), things.get("shipped"), "ship").block();
        things.put(
                "answers",
                "uid,idempotency_key,status,problem,order_code\n" + BUYER + ",,201,," + things.get("shipped") + "\n");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String order() {
        return shop.order(BUYER, "{\"" + things.get("plenty") + "\": 2}")
                .block()
                .orderCode();
    }

    private static String pay(String order) {
        String back = ALIPAY.pay(ALIPAY.open(shop.payUrl(BUYER, order)));
        Shop.await(() -> shop.status(order) == 2);
        return back;
    }

    /** Signed by Alipay, but not for this shop: it does not fit, and the operator is told. */
    private static String noticeForAnotherApp(String order) {
        Map<String, String> notice = new TreeMap<>(ALIPAY.notifyParameters(order));
        notice.put("app_id", "2021000000000001");
        return LocalAlipay.form(ALIPAY.sign(notice));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = CALLS)
    void anAnswerIsAsDocumented(
            String call,
            String request,
            @Nullable String who,
            @Nullable String header,
            @Nullable String body,
            String answer) {
        String address = filled(request);

        EntityExchangeResult<byte[]> heard = send(
                HttpMethod.valueOf(call.split(" ", 2)[0]),
                address.startsWith("http") ? address : shop.address() + address,
                token(who),
                header == null ? null : filled(header),
                body == null ? null : filled(body));

        assertThat(heard.getStatus().value() + problem(heard)).isEqualTo(answer);
        assertThat(faults(call, heard)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = STREAMS)
    void aStreamIsAsDocumented(String call, String request, @Nullable String who, String event) {
        StringBuilder text = new StringBuilder();

        WebClient.create(shop.address() + filled(request))
                .get()
                .headers(headers -> {
                    if (who != null) {
                        headers.setBearerAuth(token(who));
                    }
                })
                .exchangeToFlux(answer -> answer.bodyToFlux(DataBuffer.class)
                        .doOnNext(buffer -> {
                            text.append(buffer.toString(StandardCharsets.UTF_8));
                            DataBufferUtils.release(buffer);
                        })
                        .takeUntil(buffer -> text.toString().contains(filled(event.replace("\\n", "\n"))))
                        .doOnComplete(() -> assertThat(reference.faults(
                                        call,
                                        answer.statusCode().value(),
                                        answer.headers().asHttpHeaders(),
                                        text.toString().getBytes(StandardCharsets.UTF_8)))
                                .isEmpty()))
                .blockLast(Duration.ofSeconds(30));

        assertThat(text).startsWith("retry: ").contains(filled(event.replace("\\n", "\n")));
    }

    private static @Nullable String token(@Nullable String who) {
        if (who == null) {
            return null;
        }
        return switch (who) {
            case "buyer" -> Shop.buyer(BUYER);
            case "stranger" -> Shop.buyer(STRANGER);
            case "operator" -> Shop.operator();
            default -> throw new IllegalArgumentException(who);
        };
    }

    private static String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> thing : things.entrySet()) {
            filled = filled.replace("{" + thing.getKey() + "}", thing.getValue());
        }
        return filled;
    }

    /** @param header as it is written in a request, {@code name: value} */
    private static EntityExchangeResult<byte[]> send(
            HttpMethod method, String address, @Nullable String token, @Nullable String header, @Nullable String body) {
        WebTestClient.RequestBodySpec request = http.method(method)
                .uri(URI.create(address))
                .headers(headers -> {
                    if (body != null) {
                        headers.setContentType(MediaType.APPLICATION_JSON);
                    }
                    if (token != null) {
                        headers.setBearerAuth(token);
                    }
                    if (header != null) {
                        String[] parts = header.split(": ", 2);
                        headers.set(parts[0], parts[1]);
                    }
                });
        return (body == null ? request : request.bodyValue(body.getBytes(StandardCharsets.UTF_8)))
                .exchange()
                .expectBody()
                .returnResult();
    }

    private static String problem(EntityExchangeResult<byte[]> heard) {
        return MediaType.APPLICATION_PROBLEM_JSON.equals(
                        heard.getResponseHeaders().getContentType())
                ? JsonMapper.shared()
                        .readTree(heard.getResponseBody())
                        .get("type")
                        .asString()
                        .replace("/problems/", " ")
                : "";
    }

    private static List<String> faults(String call, EntityExchangeResult<byte[]> heard) {
        byte[] body = heard.getResponseBody();
        return reference.faults(
                call, heard.getStatus().value(), heard.getResponseHeaders(), body == null ? new byte[0] : body);
    }

    /** The others need a fault, an overload or 32 MB: tests of their own make those. */
    @Test
    void everyDocumentedAnswerIsHeardHere() {
        Set<String> heard = Stream.concat(
                        CALLS.lines()
                                .map(line -> line.split("\\|", -1))
                                .map(row ->
                                        row[0].strip() + " " + row[5].strip().substring(0, 3)),
                        STREAMS.lines().map(line -> line.split("\\|", 2)[0].strip() + " 200"))
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> others = new TreeSet<>(reference.answers());
        others.removeAll(heard);

        assertThat(others).allSatisfy(answer -> assertThat(answer).matches(".* (500|503)|POST /actuator/books 413"));
    }

    @Test
    void aPathThatIsNotHereIsAnsweredAsDocumented() {
        EntityExchangeResult<byte[]> heard =
                send(HttpMethod.PUT, shop.address() + "/gifts", Shop.operator(), null, "{}");

        assertThat(reference.faultsOf("NotFoundProblem", JsonMapper.shared().readTree(heard.getResponseBody())))
                .isEmpty();
    }

    @Test
    void aShopThatIsOverrunSaysSoAsDocumented() {
        try (Shop small = shop.another(
                "--gift-orders.placement.lanes=1",
                "--gift-orders.placement.max-pending=1",
                "--gift-orders.placement.max-batch=1",
                "--gift-orders.placement.deadline=30s")) {
            long gift = small.gift(10);
            Connection otherWriter = small.lock(gift);
            String cart = "{\"" + gift + "\": 1}";
            Disposable first = small.order(3, cart).subscribe();
            Shop.await(() -> small.metric("gift.orders.batch.size") == 1);
            Disposable second = small.order(4, cart).subscribe();

            Shop.await(() -> small.order(5, "{}").block().status() == 503);
            EntityExchangeResult<byte[]> heard =
                    send(HttpMethod.POST, small.address() + "/orders", Shop.buyer(5), null, cart);

            assertThat(problem(heard)).isEqualTo(" overloaded");
            assertThat(faults("POST /orders", heard)).isEmpty();
            Shop.unlock(otherWriter);
            Shop.await(() -> first.isDisposed() && second.isDisposed());
        }
    }

    /** A body that the document allows is read, and one that it does not allow is refused. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST /gifts | {"name": "Kite", "price": "22", "stock": 0} | yes
            POST /gifts | {"name": "Kite", "price": "22.5", "stock": 1000000000} | yes
            POST /gifts | {"name": "Kite", "price": "22.00", "stock": 1, "limit_per_user": null} | yes
            POST /gifts | {"name": "", "price": "22.00", "stock": 1} | no
            POST /gifts | {"name": null, "price": "22.00", "stock": 1} | no
            POST /gifts | {"name": "Kite", "price": 22, "stock": 1} | no
            POST /gifts | {"name": "Kite", "price": "22.001", "stock": 1} | no
            POST /gifts | {"name": "Kite", "price": "022", "stock": 1} | no
            POST /gifts | {"name": "Kite", "price": "22", "stock": -1} | no
            POST /gifts | {"name": "Kite", "price": "22", "stock": 1000000001} | no
            POST /gifts | {"name": "Kite", "price": "22", "stock": 1, "restock": 1} | no
            POST /gifts | {"name": "Kite", "price": "22", "stock": 1, "limit_per_user": 0} | no
            POST /gifts | {"name": "Kite", "price": "22", "stock": 1, "limit_per_user": 2147483648} | no
            POST /gifts | {"name": "Kite", "price": "22", "stock": 1, "sale_starts_at": "2030-01-31"} | no
            POST /gifts | {"name": "Kite", "price": "22", "stock": 1, "sale_starts_at": "2030-01-31T20:00:00Z"} | yes
            POST /gifts | {"price": "22", "stock": 1} | no
            PATCH /gifts/{id} | {"restock": -1} | yes
            PATCH /gifts/{id} | {"sale_ends_at": null} | yes
            PATCH /gifts/{id} | {"stock": 1} | no
            PATCH /gifts/{id} | {} | no
            POST /orders | {"{plenty}": 1, "999999": 10000} | yes
            POST /orders | {"{plenty}": 10001} | no
            POST /orders | {"{plenty}": 0} | no
            POST /orders | {"{plenty}": "1"} | no
            POST /orders | {"{plenty}": null} | no
            POST /orders | {"0{plenty}": 1} | no
            POST /orders | {"tea": 1} | no
            POST /orders | {"1234567890123456789": 1} | no
            POST /orders | {} | no
            POST /orders | [] | no
            """)
    void aBodyIsReadAsDocumented(String call, String body, String allowed) {
        String json = filled(body);
        String[] parts = call.split(" ", 2);

        EntityExchangeResult<byte[]> heard = send(
                HttpMethod.valueOf(parts[0]),
                shop.address() + parts[1].replace("{id}", things.get("plenty")),
                Shop.operator(),
                null,
                json);

        assertThat(heard.getStatus().value() == 400 ? "no" : "yes").isEqualTo(allowed);
        assertThat(reference.faultsOfBody(call, json).isEmpty() ? "yes" : "no").isEqualTo(allowed);
    }
}
