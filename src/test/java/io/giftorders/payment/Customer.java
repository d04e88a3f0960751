package io.giftorders.payment;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;

/** A buyer, in the shop and at Alipay's cashier. What it does with a new order answers the order's code. */
record Customer(Shop shop, long uid) {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    /** Orders, and has no pay link yet. */
    String orders(long gift, int pieces) {
        Answer answer = shop.order(uid, "{\"" + gift + "\": " + pieces + "}").block();
        if (answer.status() != 201) {
            throw new IllegalStateException("not ordered: " + answer);
        }
        return answer.orderCode();
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

    /** Orders and pays; the shop knows it. */
    String pays(long gift, int pieces) {
        String order = opens(gift, pieces);
        ALIPAY.pay(order);
        Shop.await(() -> shop.status(order) == 2);
        return order;
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
        return shop.act(Shop.buyer(uid), order, "cancel").block();
    }

    /** Asks for a pay link, whatever comes of it. */
    Answer asksToPay(String order) {
        return shop.act(Shop.buyer(uid), order, "pay").block();
    }
}
