package io.giftorders.ops;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.Connection;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** A shop, and all the things that may happen in it that a metric tells of. */
record EventfulShop(Shop shop) {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final long BUYER = 7;

    /**
     * Its orders may wait for longer than the database lets anybody wait for a lock, so that there are conflicts; and bills
     * are asked for at any time of the day.
     */
    static EventfulShop open() {
        return new EventfulShop(Shop.open(
                "--gift-orders.placement.deadline=20s",
                "--gift-orders.payment.bill.ready-at=00:00",
                "--gift-orders.payment.bill.check-every=1s"));
    }

    /** Afterwards the figures that the shop looks up by itself, now and then, are there as well. */
    void everything() {
        long gift = shop.gift(100);
        String cart = "{\"" + gift + "\": 1}";
        ordersAndRefusals(gift, cart);
        String paid = payment(cart);
        refund(paid);
        wrongNotify(cart);
        cancelled(cart);
        alipayAway(cart);
        conflict(gift, cart);
        books();
        ALIPAY.faults().reset();
        Shop.await(() ->
                shop.metric("gift.orders.due.age", "work", "ask") >= 0 && shop.metric("gift.orders.refunds.open") >= 0);
        // some meters come with the first collection
        System.gc();
    }

    private void ordersAndRefusals(long gift, String cart) {
        shop.order(BUYER, cart, "the-first").block();
        shop.order(BUYER, cart, "the-first").block();
        shop.order(BUYER, "{\"" + gift + "\": 1000}").block();
        shop.order(BUYER, "{\"999999\": 1}").block();
    }

    private String payment(String cart) {
        String order = order(cart);
        String back = ALIPAY.pay(ALIPAY.open(shop.payUrl(BUYER, order)));
        Shop.await(() -> shop.status(order) == 2);
        WebClient.create()
                .get()
                .uri(URI.create(back))
                .exchangeToMono(answer -> Mono.just(answer.statusCode()))
                .block();
        return order;
    }

    /** Its answer is lost the first time, so that Alipay is asked what became of it. */
    private void refund(String order) {
        ALIPAY.faults().next(1).of(order).on("alipay.trade.refund").add(Fault.GATEWAY_ANSWER_LOST);
        shop.call(HttpMethod.POST, "/orders/" + order + "/refund", Shop.operator(), null)
                .block();
        Shop.await(() -> shop.metric("gift.orders.refunds.confirmed", "cause", "operator") > 0);
    }

    private void wrongNotify(String cart) {
        String order = order(cart);
        String link = shop.payUrl(BUYER, order);
        ALIPAY.faults().always().of(order).add(Fault.NOTIFY_NEVER);
        ALIPAY.pay(ALIPAY.open(link));
        Map<String, String> wrong = new HashMap<>(ALIPAY.notifyParameters(order));
        wrong.put("total_amount", "0.01");
        for (String form : new String[] {LocalAlipay.form(ALIPAY.sign(wrong)), "sign=forged"}) {
            shop.http()
                    .post()
                    .uri("/alipay/notify")
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .bodyValue(form)
                    .exchange();
        }
        Shop.await(() -> shop.metric("gift.orders.discrepancies", "kind", "wrong-amount") > 0);
    }

    private void cancelled(String cart) {
        shop.act(Shop.buyer(BUYER), order(cart), "cancel").block();
        String atTheCashier = order(cart);
        ALIPAY.login(ALIPAY.open(shop.payUrl(BUYER, atTheCashier)));
        shop.act(Shop.buyer(BUYER), atTheCashier, "cancel").block();
    }

    private void alipayAway(String cart) {
        String order = order(cart);
        ALIPAY.open(shop.payUrl(BUYER, order));
        ALIPAY.faults().always().of(order).add(Fault.GATEWAY_HTTP_500);
        shop.act(Shop.buyer(BUYER), order, "cancel").block();
    }

    /** Somebody else has the gift's row for longer than the database lets anybody wait for it. */
    private void conflict(long gift, String cart) {
        Connection other = shop.lock(gift);
        Mono<Answer> order = shop.order(BUYER, cart).cache();
        order.subscribe();
        Shop.await(() -> shop.metric("gift.orders.conflicts") > 0);
        Shop.unlock(other);
        order.block();
    }

    private void books() {
        WebClient.create(shop.managementAddress())
                .get()
                .uri("/actuator/books")
                .headers(headers -> headers.setBearerAuth(Shop.operator()))
                .retrieve()
                .toBodilessEntity()
                .block();
    }

    private String order(String cart) {
        return shop.order(BUYER, cart).block().orderCode();
    }
}
