package io.giftorders.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.net.URI;
import java.util.ArrayList;
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

/** What operators see of the money that came in and went out. */
class PaymentListTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;
    private static long gift;

    /** Orders of two pieces, in the order in which they were paid. */
    private static List<String> orders = List.of();

    @BeforeAll
    static void open() {
        ALIPAY.faults().reset();
        shop = Shop.open(
                "--gift-orders.payment.refund-check-every=50ms", "--gift-orders.payment.refund-retry-after=50ms");
        gift = shop.gift(100);
        List<String> paid = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String order = shop.order(7 + i, "{\"" + gift + "\": 2}").block().orderCode();
            ALIPAY.pay(ALIPAY.open(shop.payUrl(7 + i, order)));
            Shop.await(() -> shop.status(order) == 2);
            paid.add(order);
        }
        orders = List.copyOf(paid);
        // Alipay's seconds are too coarse to say which of them was first: three in one second, then two
        for (int i = 0; i < 5; i++) {
            shop.sql("UPDATE payment SET paid_at = '2026-11-22 23:38:1" + (i < 3 ? 0 : i) + "', trade_no = '2026_0" + i
                    + "' WHERE order_code = " + orders.get(i));
        }
    }

    @AfterAll
    static void close() {
        ALIPAY.faults().reset();
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 100})
    void thePagesShowEveryPaymentOnceNewestFirst(int limit) {
        List<String> walked = new ArrayList<>();
        Object next = "/desk/payments?limit=" + limit;

        for (int pages = 0; next != null && pages < 20; pages++) {
            Answer page = get(String.valueOf(next));
            walked.addAll(members(page, "trade_no"));
            next = page.body().get("next");
        }

        assertThat(next).isNull();
        assertThat(walked).containsExactly("2026_04", "2026_03", "2026_02", "2026_01", "2026_00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            from=2026-11-22T23:38:13Z                             | 2026_04 2026_03
            to=2026-11-22T23:38:13Z                               | 2026_02 2026_01 2026_00
            from=2026-11-23T07:38:13%2B08:00&to=2026-11-22T23:38:14Z | 2026_03
            order_code={1}                                        | 2026_01
            order_code={1}&from=2026-11-22T23:38:13Z              | ''
            """)
    void whatIsAskedForIsFound(String query, String found) {
        Answer answer = get("/desk/payments?" + query.replace("{1}", orders.get(1)));

        assertThat(members(answer, "trade_no")).isEqualTo(found.isEmpty() ? List.of() : List.of(found.split(" ")));
    }

    @Test
    void aPaymentShowsWhatWentBackOfItAndWhetherAlipayKnows() {
        String order = shop.order(99, "{\"" + gift + "\": 3}").block().orderCode();
        ALIPAY.pay(ALIPAY.open(shop.payUrl(99, order)));
        Shop.await(() -> shop.status(order) == 2);
        Map<?, ?> untouched = payment(order);
        ALIPAY.faults().always().of(order).on("alipay.trade.refund").add(Fault.GATEWAY_HTTP_500);
        shop.call(HttpMethod.POST, "/orders/" + order + "/refund", Shop.operator(), "{\"" + gift + "\": 1}")
                .block();
        Map<?, ?> underWay = payment(order);
        ALIPAY.faults().reset();
        Shop.await(() -> ((Number) payment(order).get("unconfirmed_refunds")).intValue() == 0);

        assertThat(untouched.get("total_amount")).isEqualTo("29.70");
        assertThat(untouched.get("refunded_amount")).isEqualTo("0.00");
        assertThat(untouched.get("unconfirmed_refunds")).isEqualTo(0);
        assertThat(underWay.get("refunded_amount")).isEqualTo("9.90");
        assertThat(underWay.get("unconfirmed_refunds")).isEqualTo(1);
        assertThat(payment(order).get("refunded_amount")).isEqualTo("9.90");
        shop.sql("DELETE FROM refund WHERE order_code = " + order);
        shop.sql("DELETE FROM payment WHERE order_code = " + order);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            uid=7                          | uid
            order_code=x                   | order_code
            from=now                       | from
            before=2026-11-22T23:38:10Z    | before
            before=2026_00                 | before
            before=2026-11-22T23:38:10Z_   | before
            limit=1000                     | limit
            """)
    void nonsenseIsRefusedWithItsParameter(String query, String field) {
        Answer answer = get("/desk/payments?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("field")).isEqualTo(field);
    }

    private static Map<?, ?> payment(String order) {
        return (Map<?, ?>)
                ((List<?>) get("/desk/payments?order_code=" + order).body().get("payments")).get(0);
    }

    private static List<String> members(Answer page, String member) {
        return ((List<?>) page.body().get("payments"))
                .stream()
                        .map(payment -> String.valueOf(((Map<?, ?>) payment).get(member)))
                        .toList();
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
}
