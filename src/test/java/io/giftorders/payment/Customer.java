package io.giftorders.payment;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.util.concurrent.atomic.AtomicLong;

/** Somebody who orders two pieces of a gift, for 19.80, and goes to the cashier with them. */
record Customer(Shop shop, long uid) {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final AtomicLong UIDS = new AtomicLong(1_000);

    /** One who never came before. */
    static Customer of(Shop shop) {
        return new Customer(shop, UIDS.incrementAndGet());
    }

    String token() {
        return Shop.buyer(uid);
    }

    /** Orders; returns the code. */
    String order(long gift) {
        Answer placed = shop.order(uid, "{\"" + gift + "\": 2}").block();
        if (placed.status() != 201) {
            throw new IllegalStateException("no order: " + placed);
        }
        return placed.orderCode();
    }

    /** Orders and logs in at the cashier: the trade waits. */
    String login(long gift) {
        String order = order(gift);
        ALIPAY.login(ALIPAY.open(shop.payUrl(uid, order)));
        return order;
    }

    /** Pays an order, as Alipay tells at once; returns where the browser goes next. */
    String pay(String order) {
        return ALIPAY.pay(ALIPAY.open(shop.payUrl(uid, order)));
    }

    /** Pays an order of which Alipay tells nothing by itself; returns where the browser goes next. */
    String payUnheard(String order) {
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_NEVER);
        return pay(order);
    }

    /** Orders and pays; Alipay tells nothing by itself. */
    String paidUnheard(long gift) {
        String order = order(gift);
        payUnheard(order);
        return order;
    }

    /** Orders and pays, and the shop knows. */
    String paid(long gift) {
        String order = order(gift);
        pay(order);
        Shop.await(() -> shop.status(order) == 2);
        return order;
    }

    Answer act(String order, String verb) {
        return shop.act(token(), order, verb).block();
    }
}
