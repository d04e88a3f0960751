package io.giftorders.payment;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.util.concurrent.atomic.AtomicLong;

/** A buyer, in the shop and at Alipay's cashier. What it does with a new order answers the order's code. */
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

    /** Orders, and has no pay link yet. */
    String orders(long gift, int pieces) {
        Answer answer = shop.order(uid, "{\"" + gift + "\": " + pieces + "}").block();
        if (answer.status() != 201) {
            throw new IllegalStateException("not ordered: " + answer);
        }
        return answer.orderCode();
    }

    /** Orders two pieces, for 19.80. */
    String order(long gift) {
        return orders(gift, 2);
    }

    /** Orders and looks at the cashier's page: Alipay has no trade yet. */
    String opens(long gift, int pieces) {
        return ALIPAY.open(shop.payUrl(uid, orders(gift, pieces)));
    }

    /** Orders and logs in at the cashier: Alipay has a trade that waits. */
    String logsIn(long gift, int pieces) {
        String order = opens(gift, pieces);
        ALIPAY.login(order);
        return order;
    }

    /** The same, of two pieces. */
    String login(long gift) {
        return logsIn(gift, 2);
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

    /** Orders two pieces and pays; Alipay tells nothing by itself. */
    String paidUnheard(long gift) {
        String order = order(gift);
        payUnheard(order);
        return order;
    }

    /** Orders and pays; the shop knows it. */
    String pays(long gift, int pieces) {
        String order = opens(gift, pieces);
        ALIPAY.pay(order);
        Shop.await(() -> shop.status(order) == 2);
        return order;
    }

    /** The same, of two pieces. */
    String paid(long gift) {
        return pays(gift, 2);
    }

    /** Orders, logs in and gives the order up: it is closed, and so is its trade. */
    String regrets(long gift, int pieces) {
        String order = logsIn(gift, pieces);
        Answer answer = cancels(order);
        if (answer.status() != 200) {
            throw new IllegalStateException("not closed: " + answer);
        }
        return order;
    }

    Answer cancels(String order) {
        return act(order, "cancel");
    }

    /** Asks for a pay link, whatever comes of it. */
    Answer asksToPay(String order) {
        return act(order, "pay");
    }

    Answer act(String order, String verb) {
        return shop.act(token(), order, verb).block();
    }
}
