package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.payment.alipay.Trade;
import io.giftorders.payment.alipay.TradeState;
import io.giftorders.problem.Unavailable;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Connection;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What must not hold a payment up. */
class SettlementTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;
    private static long gift;

    @BeforeAll
    static void open() {
        shop = Shop.open(
                "--gift-orders.payment.min-time=0s",
                "--gift-orders.placement.pay-within=10m",
                "--gift-orders.lifecycle.first-payment-check=1h");
        gift = shop.gift(1_000_000);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void anOrderThatSomebodyHoldsLockedHoldsUpNoOther() {
        Customer customer = Customer.of(shop);
        List<String> orders = IntStream.range(0, 10)
                .mapToObj(number -> customer.paidUnheard(gift))
                .toList();
        Connection stuck = lock(orders.get(3));

        List<Boolean> settled = Flux.fromIterable(orders)
                .flatMapSequential(
                        order -> shop.bean(Settlement.class)
                                .settle(trade(order))
                                .map(outcome -> true)
                                .onErrorReturn(Unavailable.class, false)
                                .timeout(Duration.ofSeconds(20)),
                        10)
                .collectList()
                .block();
        Shop.unlock(stuck);

        assertThat(settled)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(number -> number != 3).toList());
        assertThat(orders).filteredOn(order -> shop.status(order) == 2).hasSize(9);
        assertThat(shop.bean(Settlement.class).settle(trade(orders.get(3))).block())
                .isEqualTo(Settlement.Outcome.SETTLED);
    }

    @Test
    void aRushForPayLinksHoldsUpNoPayment() {
        List<Customer> buyers =
                IntStream.range(0, 300).mapToObj(number -> Customer.of(shop)).toList();
        buyers.forEach(Customer::token);
        List<String> rushed = Flux.fromIterable(buyers)
                .flatMapSequential(buyer -> shop.order(buyer.uid(), "{\"" + gift + "\": 1}"), 50)
                .map(Shop.Answer::orderCode)
                .collectList()
                .block();
        List<String> paid = IntStream.range(0, 40)
                .mapToObj(number -> buyers.get(number).paidUnheard(gift))
                .toList();
        List<Map<String, String>> notifies =
                paid.stream().map(ALIPAY::notifyParameters).toList();
        Disposable rush = Flux.range(0, 300)
                .flatMap(
                        number -> shop.call(
                                        HttpMethod.POST,
                                        "/orders/" + rushed.get(number) + "/pay",
                                        buyers.get(number).token(),
                                        null)
                                .onErrorResume(gone -> Mono.empty())
                                .repeat(),
                        300)
                .subscribe();

        List<String> answers = notifies.stream()
                .map(notice -> new Letterbox(shop).drop(notice).text())
                .toList();
        rush.dispose();

        assertThat(answers).containsOnly("success");
        assertThat(paid).allSatisfy(order -> assertThat(shop.status(order)).isEqualTo(2));
    }

    @Test
    void whoRepeatsACancelAsksAlipayNoMoreOften() {
        Customer customer = Customer.of(shop);
        String order = customer.opens(gift, 1);
        double before = queries();

        List<Integer> answers = Flux.range(0, 60)
                .flatMap(number -> shop.act(customer.token(), order, "cancel"), 20)
                .map(Shop.Answer::status)
                .collectList()
                .block();

        assertThat(answers).containsOnly(202);
        assertThat(queries() - before).isEqualTo(1);
    }

    private static double queries() {
        return shop.metric("gift.orders.alipay.calls", "method", "query");
    }

    private static Trade trade(String order) {
        String tradeNo = ALIPAY.trade(order).tradeNo();
        return new Trade(order, tradeNo, TradeState.PAID, new BigDecimal("19.80"), Instant.now());
    }

    private static Connection lock(String order) {
        Connection connection = shop.connect();
        String lock = "SELECT status FROM orders WHERE order_code = " + order + " FOR UPDATE";
        Mono.from(connection.beginTransaction())
                .thenMany(Flux.defer(() -> connection.createStatement(lock).execute()))
                .concatMap(result -> result.map(row -> row.get(0, Integer.class)))
                .blockLast();
        return connection;
    }
}
