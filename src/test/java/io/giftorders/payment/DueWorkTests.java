package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** When an order is looked after, by whom, and when again. */
class DueWorkTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static final String QUERY = "alipay.trade.query";

    /** An order that is due so late is being asked about at this moment. */
    private static final long LEASED_MILLIS = 20_000;

    private static Shop shop;

    private final Customer buyer = new Customer(shop, 7);

    @BeforeAll
    static void open() {
        shop = HastyShop.open("lifecycle.first-payment-check=1s");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @AfterEach
    void nothingStaysOpen() {
        ALIPAY.faults().reset();
        Passing.expire(shop);
        Shop.await(() -> shop.number("SELECT COUNT(*) FROM orders WHERE status = 1") == 0);
        Books.of(shop).mustBalanceWith(ALIPAY);
    }

    @Test
    void whatAnInstanceThatDiedWasClosingIsPickedUpWhenItsLeaseIsOver() {
        long gift = shop.gift(10);
        String order = buyer.orders(gift, 2);
        Instant leaseIsOver = Instant.now().plusSeconds(2);

        // as an instance leaves it that dies between its claim and its answer
        shop.sql("""
                UPDATE orders
                   SET pay_link_at = UTC_TIMESTAMP(6), closing_at = UTC_TIMESTAMP(6),
                       expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE, due_at = UTC_TIMESTAMP(6) + INTERVAL 2 SECOND
                 WHERE order_code = %s
                """.formatted(order));
        Shop.await(() -> shop.status(order) == 5);

        assertThat(Instant.now()).isAfter(leaseIsOver);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void whileOneInstanceAsksNoOtherDoes() {
        try (Shop second = HastyShop.beside(shop, "lifecycle.first-payment-check=1s")) {
            long gift = shop.gift(10);
            String order = buyer.opens(gift, 2);
            ALIPAY.faults()
                    .next(1)
                    .of(order)
                    .on(QUERY)
                    .lasting(Duration.ofSeconds(2))
                    .add(Fault.GATEWAY_DELAY);
            double asked = calls(shop, QUERY) + calls(second, QUERY);

            Passing.expire(shop, order);
            Shop.await(() -> secondsUntilDue(order) > 20);
            long lease = secondsUntilDue(order);
            Shop.await(() -> shop.status(order) == 5);

            assertThat(lease).isBetween(20L, 30L);
            assertThat(calls(shop, QUERY) + calls(second, QUERY) - asked).isEqualTo(1);
            assertThat(shop.stock(gift)).isEqualTo(10);
        }
    }

    @Test
    void aPaymentWhoseNotifyWasLostIsFound() {
        long gift = shop.gift(10);
        ALIPAY.faults().add(Fault.NOTIFY_NEVER);
        String order = buyer.opens(gift, 2);

        ALIPAY.pay(order);
        Shop.await(() -> shop.status(order) == 2);

        assertThat(ALIPAY.deliveries(order)).isEmpty();
        assertThat(shop.number("SELECT due_at IS NULL FROM orders WHERE order_code = " + order))
                .isEqualTo(1);
        Books.of(shop).with(gift, 10).mustBalance();
    }

    @Test
    void anOrderIsLookedAfterHalfAsOftenEachTime() {
        String order = buyer.opens(shop.gift(10), 2);
        List<Long> due = new ArrayList<>();

        Shop.await(() -> {
            long next = millisFromPayLinkToDue(order);
            if (next < LEASED_MILLIS && !due.contains(next)) {
                due.add(next);
            }
            return due.size() == 4;
        });

        assertThat(due.get(0)).isEqualTo(1_000);
        for (int n = 1; n < due.size(); n++) {
            double growth = due.get(n) / (double) due.get(n - 1);
            assertThat(growth).as("of " + due).isBetween(1.9, 3.5);
        }
    }

    @Test
    void aClosingThatCannotBeDecidedIsTriedLessAndLessOften() {
        String order = buyer.opens(shop.gift(10), 2);
        ALIPAY.faults().always().of(order).add(Fault.GATEWAY_RESET);
        double before = calls(shop, QUERY);

        Passing.expire(shop, order);
        Shop.await(() -> {
            long next = millisFromPayLinkToDue(order);
            return next > 3_000 && next < LEASED_MILLIS;
        });

        // every 100 ms would be thirty
        assertThat(calls(shop, QUERY) - before).isBetween(3.0, 8.0);
        assertThat(shop.status(order)).isEqualTo(1);
        ALIPAY.faults().reset();
        Shop.await(() -> shop.status(order) == 5);
    }

    private static double calls(Shop asking, String method) {
        return asking.metric("gift.orders.alipay.calls", "method", method.replace("alipay.trade.", ""));
    }

    private static long secondsUntilDue(String order) {
        return shop.number(
                "SELECT COALESCE(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), due_at), 0) FROM orders WHERE order_code = "
                        + order);
    }

    private static long millisFromPayLinkToDue(String order) {
        return shop.number("SELECT COALESCE(TIMESTAMPDIFF(MICROSECOND, pay_link_at, due_at), 0) DIV 1000 FROM orders"
                + " WHERE order_code = " + order);
    }
}
