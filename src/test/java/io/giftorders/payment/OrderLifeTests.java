package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An order's life from end to end, as its buyer, its operator and Alipay live it. */
class OrderLifeTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open(
                "--gift-orders.placement.pay-within=3s",
                "--gift-orders.payment.min-time=0s",
                "--gift-orders.payment.clock-skew=0s",
                "--gift-orders.lifecycle.check-every=50ms",
                "--gift-orders.lifecycle.retry-after=100ms",
                "--gift-orders.lifecycle.receive-after=1s");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void anOrderIsPaidShippedAndReceived() {
        long gift = shop.gift(10);
        String order = shop.order(7, "{\"" + gift + "\": 2}").block().orderCode();

        ALIPAY.pay(ALIPAY.open(shop.payUrl(7, order)));
        Shop.await(() -> shop.status(order) == 2);
        Answer shipped = shop.act(Shop.operator(), order, "ship").block();
        Answer received = shop.act(Shop.buyer(7), order, "receive").block();

        assertThat(shipped.status()).isEqualTo(200);
        assertThat(shipped.body().get("status")).isEqualTo(3);
        assertThat(received.body().get("status")).isEqualTo(4);
        assertThat(received.body().get("paid_at")).isNotNull();
        assertThat(shop.stock(gift)).isEqualTo(8);
    }

    @Test
    void anOrderThatIsNotReceivedByHandIsReceivedByItself() {
        long gift = shop.gift(10);
        String order = shop.order(7, "{\"" + gift + "\": 2}").block().orderCode();
        ALIPAY.pay(ALIPAY.open(shop.payUrl(7, order)));
        Shop.await(() -> shop.status(order) == 2);

        shop.act(Shop.operator(), order, "ship").block();

        Shop.await(() -> shop.status(order) == 4);
    }

    @Test
    void anOrderThatNobodyWantsToPayExpires() {
        long gift = shop.gift(10);
        String order = shop.order(7, "{\"" + gift + "\": 2}").block().orderCode();
        assertThat(shop.stock(gift)).isEqualTo(8);

        Shop.await(() -> shop.status(order) == 5);

        assertThat(shop.stock(gift)).isEqualTo(10);
        assertThat(shop.sales(gift)).isZero();
    }

    @Test
    void anOrderWhoseBuyerLeavesTheCashierExpires() {
        long gift = shop.gift(10);
        String order = shop.order(7, "{\"" + gift + "\": 2}").block().orderCode();
        ALIPAY.login(ALIPAY.open(shop.payUrl(7, order)));

        Shop.await(() -> shop.status(order) == 5);

        assertThat(shop.stock(gift)).isEqualTo(10);
        assertThat(ALIPAY.trade(order).status()).isEqualTo("TRADE_CLOSED");
    }

    @Test
    void aBuyerGivesAnOrderUp() {
        long gift = shop.gift(10);
        String order = shop.order(7, "{\"" + gift + "\": 2}").block().orderCode();
        ALIPAY.login(ALIPAY.open(shop.payUrl(7, order)));

        Answer cancelled = shop.act(Shop.buyer(7), order, "cancel").block();

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.body().get("status")).isEqualTo(5);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void anOperatorPaysAnOrderBack() {
        long gift = shop.gift(10);
        String order = shop.order(7, "{\"" + gift + "\": 2}").block().orderCode();
        ALIPAY.pay(ALIPAY.open(shop.payUrl(7, order)));
        Shop.await(() -> shop.status(order) == 2);

        Answer refunded = shop.act(Shop.operator(), order, "refund").block();

        assertThat(refunded.status()).isEqualTo(202);
        assertThat(refunded.body().get("status")).isEqualTo(6);
        assertThat(shop.stock(gift)).isEqualTo(10);
        Shop.await(() ->
                shop.number("SELECT COUNT(*) FROM refund WHERE confirmed_at IS NOT NULL AND order_code = " + order)
                        == 1);
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo("19.80");
    }
}
