package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

/** What an operator sees of work that is not done. */
class WatchTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final long BUYER = 7;

    private static Shop shop;
    private static Sales sales;
    private static long gift;

    @BeforeAll
    static void open() {
        // does nothing by itself, so that work is left
        shop = Shop.resting(TestDatabase.shared(), TestDatabase.freshUrl());
        sales = new Sales(shop);
        gift = shop.gift(100);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @AfterEach
    void allIsWell() {
        ALIPAY.faults().reset();
    }

    @Test
    void ordersThatNobodyFinishesShowSinceWhenTheyAreDue() {
        String plain = sales.ordered(BUYER, Sales.cart(gift, 1));
        String withLink = sales.ordered(BUYER, Sales.cart(gift, 1));
        shop.payUrl(BUYER, withLink);
        due(plain, 500);
        due(withLink, 800);

        Shop.await(() -> age("finish") >= 500 && age("ask") >= 800);
        assertThat(age("finish")).isLessThan(age("ask"));

        shop.sql("UPDATE orders SET due_at = NULL WHERE order_code IN (" + plain + ", " + withLink + ")");
        Shop.await(() -> age("finish") == 0 && age("ask") == 0);
    }

    private static void due(String order, int seconds) {
        shop.sql("UPDATE orders SET due_at = UTC_TIMESTAMP(6) - INTERVAL " + seconds + " SECOND WHERE order_code = "
                + order);
    }

    private static double age(String work) {
        return shop.metric("gift.orders.due.age", "work", work);
    }

    @Test
    void refundsThatAlipayDidNotConfirmShowTheirNumberAndAge() {
        String order = sales.paid(BUYER, Sales.cart(gift, 1));
        Shop.await(() -> shop.metric("gift.orders.refunds.open") == 0);

        sales.refund(order, null);
        shop.sql("UPDATE refund SET created_at = created_at - INTERVAL 2 HOUR WHERE order_code = " + order);

        Shop.await(() -> shop.metric("gift.orders.refunds.open") == 1);
        assertThat(shop.metric("gift.orders.refunds.open.age")).isBetween(7_200.0, 7_300.0);

        shop.sql("UPDATE refund SET due_at = NULL, confirmed_at = UTC_TIMESTAMP(6) WHERE order_code = " + order);
        Shop.await(() -> shop.metric("gift.orders.refunds.open") == 0);
        assertThat(shop.metric("gift.orders.refunds.open.age")).isZero();
    }

    @Test
    void aDiscrepancyIsCountedWhenItIsNewOnly() {
        String order = sales.ordered(BUYER, Sales.cart(gift, 1));
        ALIPAY.faults().always().of(order).add(Fault.NOTIFY_NEVER);
        ALIPAY.pay(ALIPAY.open(shop.payUrl(BUYER, order)));
        assertThat(wrongAmounts()).isZero();

        tellWrongAmount(order);
        tellWrongAmount(order);

        Shop.await(() -> sales.timesListed("wrong-amount", order) == 2);
        assertThat(wrongAmounts()).isEqualTo(1);
    }

    private static double wrongAmounts() {
        return shop.metric("gift.orders.discrepancies", "kind", "wrong-amount");
    }

    private static void tellWrongAmount(String order) {
        Map<String, String> wrong = new HashMap<>(ALIPAY.notifyParameters(order));
        wrong.put("total_amount", "0.01");
        shop.http()
                .post()
                .uri("/alipay/notify")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .bodyValue(LocalAlipay.form(ALIPAY.sign(wrong)))
                .exchange()
                .expectBody(String.class)
                .isEqualTo("success");
    }

    @Test
    void everyKindIsThereBeforeAnythingHappens() {
        try (Shop quiet = Shop.resting(TestDatabase.shared(), TestDatabase.freshUrl())) {
            assertThat(quiet.bean(MeterRegistry.class)
                            .find("gift.orders.discrepancies")
                            .counters())
                    .hasSize(Discrepancies.Kind.values().length)
                    .allSatisfy(counter -> assertThat(counter.count()).isZero());
        }
    }
}
