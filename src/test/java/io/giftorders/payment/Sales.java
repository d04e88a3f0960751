package io.giftorders.payment;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/** What an operator deals with: orders that were paid, and what becomes of them. */
record Sales(Shop shop) {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static final String CONFIRMED =
            "SELECT COUNT(*) FROM refund WHERE confirmed_at IS NOT NULL AND order_code = ";

    /** Puts a gift with this price on sale. */
    long gift(String price, long stock) {
        Map<?, ?> gift = shop.http()
                .post()
                .uri("/gifts")
                .headers(headers -> headers.setBearerAuth(Shop.operator()))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"name\": \"Tea cup 茶杯\", \"price\": \"" + price + "\", \"stock\": " + stock + "}")
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody(Map.class)
                .returnResult()
                .getResponseBody();
        return ((Number) gift.get("id")).longValue();
    }

    static String cart(long gift, int pieces) {
        return "{\"" + gift + "\": " + pieces + "}";
    }

    static String cart(long gift, int pieces, long other, int others) {
        return "{\"" + gift + "\": " + pieces + ", \"" + other + "\": " + others + "}";
    }

    String ordered(long uid, String cart) {
        Answer answer = shop.order(uid, cart).block();
        if (answer.status() != 201) {
            throw new IllegalStateException("not ordered: " + answer);
        }
        return answer.orderCode();
    }

    /** Ordered, paid, and the shop knows it. */
    String paid(long uid, String cart) {
        String order = ordered(uid, cart);
        ALIPAY.pay(ALIPAY.open(shop.payUrl(uid, order)));
        Shop.await(() -> shop.status(order) == 2);
        return order;
    }

    String shipped(long uid, String cart) {
        String order = paid(uid, cart);
        Answer answer = shop.act(Shop.operator(), order, "ship").block();
        if (answer.status() != 200) {
            throw new IllegalStateException("not shipped: " + answer);
        }
        return order;
    }

    String received(long uid, String cart) {
        String order = shipped(uid, cart);
        Answer answer = shop.act(Shop.buyer(uid), order, "receive").block();
        if (answer.status() != 200) {
            throw new IllegalStateException("not received: " + answer);
        }
        return order;
    }

    /** Ordered, and given up before anybody could pay. */
    String closed(long uid, String cart) {
        String order = ordered(uid, cart);
        shop.act(Shop.buyer(uid), order, "cancel").block();
        return order;
    }

    /** @param cart the pieces, or null: all that are left */
    Answer refund(String order, @Nullable String cart) {
        return refund(order, cart, null);
    }

    Answer refund(String order, @Nullable String cart, @Nullable String key) {
        return shop.call(HttpMethod.POST, "/orders/" + order + "/refund", Shop.operator(), cart, key)
                .block();
    }

    void awaitConfirmed(String order, int refunds) {
        Shop.await(() -> shop.number(CONFIRMED + order) == refunds);
    }

    long refundRows(String order) {
        return shop.number("SELECT COUNT(*) FROM refund WHERE order_code = " + order);
    }

    /** What went back at Alipay, in fen. */
    static long fenBack(String order) {
        return ALIPAY.trade(order).refunded().movePointRight(2).longValueExact();
    }

    String tradeNo(String order) {
        return ALIPAY.trade(order).tradeNo();
    }

    /** How often the operator was told of it. */
    long timesListed(String kind, String order) {
        return shop.number("SELECT COALESCE(SUM(times), 0) FROM discrepancy WHERE kind = '" + kind
                + "' AND order_code = " + order);
    }

    /** The amounts of an answer's refunds, oldest first. */
    static List<String> amounts(Answer money) {
        return ((List<?>) money.body().get("refunds"))
                .stream()
                        .map(refund -> String.valueOf(((Map<?, ?>) refund).get("amount")))
                        .toList();
    }
}
