package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That a test would hear of it: what the audit finds, what the test put in, and what Alipay alone knows. */
class BooksTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;
    private static long gift;

    /** A shop that works no more, with an order in each state that money can bring about. */
    @BeforeAll
    static void open() {
        shop = Shop.open("--gift-orders.payment.refund-check-every=50ms");
        gift = shop.gift(20, ", \"limit_per_user\": 5");
        String paid = order(1);
        pay(paid);
        String refunded = order(2);
        pay(refunded);
        shop.act(Shop.operator(), refunded, "refund").block();
        order(3);
        String closed = order(4);
        shop.act(Shop.buyer(4), closed, "cancel").block();
        Books.of(shop).with(gift, 20).mustBalanceWith(ALIPAY);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String order(long uid) {
        return shop.order(uid, "{\"" + gift + "\": 2}").block().orderCode();
    }

    private static void pay(String order) {
        long uid = shop.number("SELECT uid FROM orders WHERE order_code = " + order);
        ALIPAY.pay(ALIPAY.open(shop.payUrl(uid, order)));
        Shop.await(() -> shop.status(order) == 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE gift SET sales = sales + 1 | UPDATE gift SET sales = sales - 1 | has sales",
                // these books agree with themselves, and not with what the test put in
                "UPDATE gift SET stock = stock + 1, supplied = supplied + 1 | UPDATE gift SET stock = stock - 1, supplied ="
                        + " supplied - 1 | ever put in"
            })
    void anErrorMadeByHandIsFound(String error, String correction, String finding) {
        shop.sql(error);

        try {
            assertThatThrownBy(() -> Books.of(shop).with(gift, 20).mustBalance())
                    .hasMessageContaining(finding);
        } finally {
            shop.sql(correction);
        }
        assertThatCode(() -> Books.of(shop).with(gift, 20).mustBalance()).doesNotThrowAnyException();
    }

    @Test
    void whatOnlyAlipayKnowsIsFound() {
        String order = order(5);
        ALIPAY.faults().always().of(order).add(Fault.NOTIFY_NEVER);

        ALIPAY.pay(ALIPAY.open(shop.payUrl(5, order)));

        assertThatThrownBy(() -> Books.of(shop).mustBalanceWith(ALIPAY)).hasMessageContaining("as at Alipay");
        ALIPAY.faults().reset();
        ALIPAY.notifyAgain(order);
        Shop.await(() -> shop.status(order) == 2);
        Books.of(shop).with(gift, 20).mustBalanceWith(ALIPAY);
    }
}
