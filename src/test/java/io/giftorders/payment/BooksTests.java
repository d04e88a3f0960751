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

/** A checker that finds nothing proves nothing: each kind of error is made by hand here, and found. */
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
                "UPDATE gift SET stock = stock + 1 | UPDATE gift SET stock = stock - 1 | in stock and",
                "UPDATE gift SET sales = sales + 1 | UPDATE gift SET sales = sales - 1 | has sales",
                "UPDATE orders SET status = 2 WHERE uid = 3 | UPDATE orders SET status = 1 WHERE uid = 3 | lives on 0",
                "UPDATE orders SET status = 1 WHERE uid = 1 | UPDATE orders SET status = 2 WHERE uid = 1 | has money 19.80",
                "UPDATE orders SET status = 2 WHERE uid = 2 | UPDATE orders SET status = 6 WHERE uid = 2 | refunded 2",
                "UPDATE orders SET status = 1 WHERE uid = 4 | UPDATE orders SET status = 5 WHERE uid = 4 | returned 2",
                "UPDATE payment SET total_amount = total_amount + 1 | UPDATE payment SET total_amount = total_amount - 1"
                        + " | payments of 20.80 for 19.80",
                "UPDATE refund SET amount = amount + 1 | UPDATE refund SET amount = amount - 1 | is paid back with 20.80",
                "UPDATE refund SET cause = 2 | UPDATE refund SET cause = 1 | lives on 0",
                "UPDATE refund SET trade_no = CONCAT(trade_no, 'x') | UPDATE refund SET trade_no = REPLACE(trade_no, 'x',"
                        + " '') | is of no payment",
                "UPDATE purchase SET counts = counts + 1 | UPDATE purchase SET counts = counts - 1 | is counted with 3",
                "UPDATE payment SET trade_no = CONCAT(trade_no, 'x'), order_code = order_code + 1 | UPDATE payment SET"
                        + " trade_no = REPLACE(trade_no, 'x', ''), order_code = order_code - 1 | is for no order"
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
