package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Money that comes for an order that closed, or was paid before, ends in goods or goes back. */
class LatePaymentTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static final String REFUND = "alipay.trade.refund";
    private static final String REFUND_QUERY = "alipay.trade.fastpay.refund.query";

    private static Shop shop;

    private final Customer buyer = new Customer(shop, 7);

    @BeforeAll
    static void open() {
        shop = HastyShop.open("alipay.timeout=2s");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @AfterEach
    void everyYuanIsGoodsOrWentBack() {
        ALIPAY.faults().reset();
        Books.of(shop).mustBalanceWith(ALIPAY);
    }

    @Test
    void aLatePaymentTakesThePiecesAgain() {
        long gift = shop.gift(10);
        String order = buyer.regrets(gift, 2);
        assertThat(shop.stock(gift)).isEqualTo(10);

        ALIPAY.forcePaidAfterClose(order);
        Shop.await(() -> shop.status(order) == 2);

        assertThat(shop.stock(gift)).isEqualTo(8);
        assertThat(shop.sales(gift)).isEqualTo(2);
        assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE closing_at IS NOT NULL AND order_code = " + order))
                .isZero();
        assertThat(refunds(order)).isZero();
    }

    @Test
    void aLatePaymentOfAnOrderThatNeverHadATradeTakesThePiecesAgain() {
        long gift = shop.gift(10);
        String order = buyer.opens(gift, 2);
        Passing.expire(shop, order);
        Shop.await(() -> shop.status(order) == 5);

        ALIPAY.forcePaidAfterClose(order);
        Shop.await(() -> shop.status(order) == 2);

        assertThat(shop.stock(gift)).isEqualTo(8);
    }

    @Test
    void aRevivedOrderIsShippedOrPaidBackLikeAnyOther() {
        long gift = shop.gift(10);
        String shipped = buyer.regrets(gift, 2);
        String refunded = buyer.regrets(gift, 3);
        ALIPAY.forcePaidAfterClose(shipped);
        ALIPAY.forcePaidAfterClose(refunded);
        Shop.await(() -> shop.status(shipped) == 2 && shop.status(refunded) == 2);

        shop.act(Shop.operator(), shipped, "ship").block();
        shop.act(Shop.operator(), refunded, "refund").block();

        assertThat(shop.status(shipped)).isEqualTo(3);
        assertThat(shop.status(refunded)).isEqualTo(6);
        assertThat(shop.stock(gift)).isEqualTo(8);
    }

    @Test
    void aLatePaymentWhosePiecesAreGoneGoesBack() {
        long gift = shop.gift(2);
        String order = buyer.regrets(gift, 2);
        new Customer(shop, 8).orders(gift, 1);

        ALIPAY.forcePaidAfterClose(order);
        awaitConfirmed(order, 1);

        assertThat(shop.status(order)).isEqualTo(5);
        assertThat(shop.stock(gift)).isEqualTo(1);
        assertThat(ALIPAY.trade(order).refunds()).containsOnlyKeys(order + "_late");
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo("19.80");
    }

    @Test
    void aLatePaymentOfAnOrderOfSeveralGiftsGoesBackWhereOneOfThemIsGone() {
        long there = shop.gift(10);
        long gone = shop.gift(1);
        String cart = "{\"" + there + "\": 2, \"" + gone + "\": 1}";
        String order = shop.order(7, cart).block().orderCode();
        ALIPAY.login(ALIPAY.open(shop.payUrl(7, order)));
        buyer.cancels(order);
        new Customer(shop, 8).orders(gone, 1);

        ALIPAY.forcePaidAfterClose(order);
        awaitConfirmed(order, 1);

        assertThat(shop.status(order)).isEqualTo(5);
        assertThat(shop.stock(there)).isEqualTo(10);
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo("29.70");
    }

    @Test
    void aLatePaymentOfABuyerWhoReachedTheLimitGoesBack() {
        long gift = shop.gift(10, ", \"limit_per_user\": 2");
        String order = buyer.regrets(gift, 2);
        buyer.orders(gift, 1);

        ALIPAY.forcePaidAfterClose(order);
        awaitConfirmed(order, 1);

        assertThat(shop.status(order)).isEqualTo(5);
        assertThat(shop.stock(gift)).isEqualTo(9);
        assertThat(shop.number("SELECT counts FROM purchase WHERE uid = 7 AND goods_id = " + gift))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "GATEWAY_RESET",
                "GATEWAY_HTTP_500",
                "GATEWAY_HTML",
                "GATEWAY_ANSWER_LOST",
                "GATEWAY_UNKNOWN",
                "GATEWAY_DELAY",
                "GATEWAY_SIGNED_FAILURE",
                "GATEWAY_UNSIGNED_FAILURE",
                "GATEWAY_RATE_LIMIT",
                "GATEWAY_EXTRA_ROOT_OBJECT",
                "GATEWAY_BAD_SIGNATURE"
            })
    void moneyGoesBackOnceHoweverOftenAlipayIsAsked(Fault fault) {
        long gift = shop.gift(2);
        String order = buyer.regrets(gift, 2);
        new Customer(shop, 8).orders(gift, 2);
        ALIPAY.faults().next(2).on(REFUND).lasting(Duration.ofSeconds(3)).add(fault);
        ALIPAY.faults().next(1).on(REFUND_QUERY).lasting(Duration.ofSeconds(3)).add(fault);

        ALIPAY.forcePaidAfterClose(order);
        awaitConfirmed(order, 1);

        assertThat(ALIPAY.trade(order).refunds()).containsOnlyKeys(order + "_late");
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo("19.80");
        assertThat(shop.number("SELECT attempts FROM refund WHERE order_code = " + order))
                .isGreaterThanOrEqualTo(2);
        assertThat(shop.status(order)).isEqualTo(5);
    }

    @Test
    void theSecondPaymentOfAnOrderGoesBack() {
        long gift = shop.gift(10);
        String order = buyer.pays(gift, 2);

        ALIPAY.forcePaid(order, order + "02");
        awaitConfirmed(order, 1);

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo("0");
        assertThat(ALIPAY.tradeNumbered(order + "02").refunds()).containsOnlyKeys(order + "_double");
        assertThat(shop.stock(gift)).isEqualTo(8);
    }

    @Test
    void everyFurtherPaymentOfAnOrderGoesBack() {
        long gift = shop.gift(10);
        String order = buyer.pays(gift, 2);

        ALIPAY.forcePaid(order, order + "02");
        ALIPAY.forcePaid(order, order + "03");
        ALIPAY.forcePaid(order, order + "04");
        awaitConfirmed(order, 3);

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(List.of("02", "03", "04"))
                .allSatisfy(end ->
                        assertThat(ALIPAY.tradeNumbered(order + end).refunded()).isEqualByComparingTo("19.80"));
    }

    @Test
    void anOrderWhoseLatePaymentWentBackMayStillBePaidByAnother() {
        long gift = shop.gift(2);
        String order = buyer.regrets(gift, 2);
        String inTheWay = new Customer(shop, 8).orders(gift, 2);
        ALIPAY.forcePaidAfterClose(order);
        awaitConfirmed(order, 1);
        new Customer(shop, 8).cancels(inTheWay);

        ALIPAY.forcePaid(order, order + "02");
        Shop.await(() -> shop.status(order) == 2);
        shop.act(Shop.operator(), order, "refund").block();
        awaitConfirmed(order, 2);

        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo("19.80");
        assertThat(ALIPAY.tradeNumbered(order + "02").refunded()).isEqualByComparingTo("19.80");
        assertThat(shop.stock(gift)).isEqualTo(2);
    }

    @Test
    void aLatePaymentToldByManyAtOnceIsOnePayment() {
        long gift = shop.gift(100);
        List<String> orders = Flux.range(100, 10)
                .map(uid -> new Customer(shop, uid).regrets(gift, 2))
                .collectList()
                .block();
        orders.forEach(order -> ALIPAY.faults().next(1).of(order).copies(3).add(Fault.NOTIFY_DUPLICATE));

        Flux.fromIterable(orders)
                .flatMap(order -> Mono.fromCallable(() -> ALIPAY.forcePaidAfterClose(order))
                        .subscribeOn(Schedulers.boundedElastic())
                        .flatMapMany(back -> Flux.range(0, 3).flatMap(again -> comesBack(back))))
                .blockLast();
        orders.forEach(order -> Shop.await(() -> ALIPAY.deliveries(order).size() >= 4));

        assertThat(orders).allSatisfy(order -> assertThat(shop.status(order)).isEqualTo(2));
        assertThat(shop.stock(gift)).isEqualTo(80);
        Books.of(shop).with(gift, 100).mustBalance();
    }

    @Test
    void aLatePaymentToldByManyAtOnceGoesBackOnce() {
        long gift = shop.gift(2);
        String order = buyer.regrets(gift, 2);
        new Customer(shop, 8).orders(gift, 2);
        ALIPAY.faults().next(1).of(order).copies(5).add(Fault.NOTIFY_DUPLICATE);

        String back = ALIPAY.forcePaidAfterClose(order);
        Flux.range(0, 5).flatMap(again -> comesBack(back)).blockLast();
        awaitConfirmed(order, 1);

        assertThat(refunds(order)).isEqualTo(1);
        assertThat(shop.number("SELECT COUNT(*) FROM payment WHERE order_code = " + order))
                .isEqualTo(1);
        assertThat(ALIPAY.trade(order).refunds()).hasSize(1);
    }

    @Test
    void latePaymentsForTheLastPiecesAreFiveOrdersAndFifteenRefunds() {
        try (Shop second = HastyShop.beside(shop)) {
            long gift = shop.gift(20);
            List<String> orders = IntStream.range(0, 20)
                    .mapToObj(n -> new Customer(n % 2 == 0 ? shop : second, 100 + n).regrets(gift, 1))
                    .toList();
            shop.call(HttpMethod.PATCH, "/gifts/" + gift, Shop.operator(), "{\"restock\": -15}")
                    .block();

            Flux.fromIterable(orders)
                    .flatMap(order -> Mono.fromCallable(() -> ALIPAY.forcePaidAfterClose(order))
                            .subscribeOn(Schedulers.boundedElastic()))
                    .blockLast();
            Shop.await(
                    () -> orders.stream().mapToLong(LatePaymentTests::refunds).sum()
                                    + orders.stream()
                                            .filter(order -> shop.status(order) == 2)
                                            .count()
                            == 20);

            assertThat(shop.stock(gift)).isZero();
            assertThat(orders.stream().filter(order -> shop.status(order) == 2)).hasSize(5);
            Books.of(shop).with(gift, 5).mustBalanceWith(ALIPAY);
        }
    }

    private static Mono<Integer> comesBack(String returnUrl) {
        return WebClient.create().get().uri(URI.create(returnUrl)).exchangeToMono(answer -> answer.releaseBody()
                .thenReturn(answer.statusCode().value()));
    }

    private static long refunds(String order) {
        return shop.number("SELECT COUNT(*) FROM refund WHERE order_code = " + order);
    }

    private static void awaitConfirmed(String order, int refunds) {
        Shop.await(() ->
                shop.number("SELECT COUNT(*) FROM refund WHERE confirmed_at IS NOT NULL AND order_code = " + order)
                        == refunds);
    }
}
