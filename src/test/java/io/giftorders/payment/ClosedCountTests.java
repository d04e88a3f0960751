package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What a buyer has of a gift with a limit follows the orders: closed, revived, paid back, and the limit set or lifted. */
class ClosedCountTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;

    private final Customer buyer = new Customer(shop, 7);

    @BeforeAll
    static void open() {
        HastyShop.knows(120);
        shop = HastyShop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @AfterEach
    void noCountLies() {
        Books.of(shop).mustBalance();
    }

    @Test
    void aClosedOrderLetsItsBuyerOrderAgain() {
        long gift = shop.gift(10, ", \"limit_per_user\": 2");
        String unpaid = buyer.orders(gift, 2);
        Answer refused = order(gift, 1);

        Passing.expire(shop, unpaid);
        Shop.await(() -> shop.status(unpaid) == 5);
        String given = buyer.regrets(gift, 2);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(shop.status(given)).isEqualTo(5);
        assertThat(order(gift, 3).status()).isEqualTo(409);
        assertThat(order(gift, 2).status()).isEqualTo(201);
    }

    @Test
    void aRevivedOrderCountsAgain() {
        long gift = shop.gift(10, ", \"limit_per_user\": 2");
        String order = buyer.regrets(gift, 2);

        ALIPAY.forcePaidAfterClose(order);
        Shop.await(() -> shop.status(order) == 2);

        assertThat(order(gift, 1).status()).isEqualTo(409);
    }

    @Test
    void aRevivedOrderCountsThoughTheLimitWasSetSinceItClosed() {
        long gift = shop.gift(10);
        String order = buyer.regrets(gift, 2);
        limit(gift, "2");

        ALIPAY.forcePaidAfterClose(order);
        Shop.await(() -> shop.status(order) == 2);

        assertThat(order(gift, 1).status()).isEqualTo(409);
    }

    @Test
    void anOrderClosesRightlyThoughTheLimitWasSetSinceItWasPlaced() {
        long gift = shop.gift(10);
        String order = buyer.logsIn(gift, 3);
        limit(gift, "2");
        Answer refused = order(gift, 1);

        buyer.cancels(order);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(shop.status(order)).isEqualTo(5);
        assertThat(order(gift, 2).status()).isEqualTo(201);
        assertThat(order(gift, 1).status()).isEqualTo(409);
    }

    @Test
    void anOrderClosesRightlyThoughTheLimitWasLiftedAndSetAgain() {
        long gift = shop.gift(10, ", \"limit_per_user\": 4");
        String first = buyer.logsIn(gift, 2);
        String second = buyer.orders(gift, 2);
        limit(gift, "null");
        buyer.cancels(first);
        limit(gift, "3");

        buyer.cancels(second);

        assertThat(shop.number("SELECT counts FROM purchase WHERE uid = 7 AND goods_id = " + gift))
                .isZero();
        assertThat(order(gift, 3).status()).isEqualTo(201);
    }

    /** Whoever kept to the limit of the day is not found guilty of a later one; the next piece is judged by the new one. */
    @Test
    void whatWasAllowedIsTheLimitOfTheLastPiecesTaken() {
        long gift = shop.gift(20, ", \"limit_per_user\": 4");
        buyer.orders(gift, 2);
        String second = buyer.orders(gift, 2);
        limit(gift, "1");
        long afterLowering = allowed(gift);
        buyer.cancels(second);
        long afterClosing = allowed(gift);
        limit(gift, "3");
        order(gift, 1);

        assertThat(afterLowering).isEqualTo(4);
        assertThat(afterClosing).isEqualTo(4);
        assertThat(allowed(gift)).isEqualTo(3);
        assertThat(shop.number("SELECT counts FROM purchase WHERE uid = 7 AND goods_id = " + gift))
                .isEqualTo(3);
    }

    @Test
    void whoHadMoreBeforeALimitWasSetHasItRightly() {
        long gift = shop.gift(20);
        buyer.orders(gift, 5);
        new Customer(shop, 8).orders(gift, 1);

        limit(gift, "2");

        assertThat(allowed(gift)).isEqualTo(5);
        assertThat(shop.number("SELECT allowed FROM purchase WHERE uid = 8 AND goods_id = " + gift))
                .isEqualTo(2);
    }

    @Test
    void aRevivedOrderIsAllowedByTheLimitOfItsRevival() {
        long gift = shop.gift(20, ", \"limit_per_user\": 4");
        String counted = buyer.regrets(gift, 2);
        limit(gift, "null");
        limit(gift, "3");
        String uncounted = new Customer(shop, 8).regrets(gift, 2);
        limit(gift, "2");

        ALIPAY.forcePaidAfterClose(counted);
        ALIPAY.forcePaidAfterClose(uncounted);
        Shop.await(() -> shop.status(counted) == 2 && shop.status(uncounted) == 2);

        assertThat(allowed(gift)).isEqualTo(2);
        assertThat(shop.number("SELECT allowed FROM purchase WHERE uid = 8 AND goods_id = " + gift))
                .isEqualTo(2);
    }

    private static long allowed(long gift) {
        return shop.number("SELECT allowed FROM purchase WHERE uid = 7 AND goods_id = " + gift);
    }

    @Test
    void aRefundLetsItsBuyerOrderAgain() {
        long gift = shop.gift(10, ", \"limit_per_user\": 2");
        String order = buyer.pays(gift, 2);

        shop.act(Shop.operator(), order, "refund").block();

        assertThat(shop.status(order)).isEqualTo(6);
        assertThat(order(gift, 2).status()).isEqualTo(201);
    }

    /** Each change of the operator's reads the stock and writes it back; none of it may undo what closes meanwhile. */
    @Test
    void theOperatorChangesAGiftWhileItsOrdersCloseComeBackAndAreRefunded() {
        long gift = shop.gift(200);
        List<String> closing = many(100, buyer -> buyer.logsIn(gift, 1));
        List<String> expiring = many(200, buyer -> buyer.orders(gift, 1));
        List<String> refunding = many(300, buyer -> buyer.pays(gift, 1));
        List<String> reviving = many(400, buyer -> buyer.regrets(gift, 1));

        Mono<Void> cancels = Flux.range(0, closing.size())
                .flatMap(n -> shop.act(Shop.buyer(100 + n), closing.get(n), "cancel"), 4)
                .then();
        Mono<Void> expires = Flux.fromIterable(expiring)
                .concatMap(order -> Mono.fromRunnable(() -> Passing.expire(shop, order)))
                .then();
        Mono<Void> refunds = Flux.fromIterable(refunding)
                .flatMap(order -> shop.act(Shop.operator(), order, "refund"), 4)
                .then();
        Mono<Void> revivals = Flux.fromIterable(reviving)
                .concatMap(order -> Mono.fromRunnable(() -> ALIPAY.forcePaidAfterClose(order)))
                .then();
        Mono<List<Integer>> changes = Flux.range(0, 60)
                .concatMap(
                        n -> change(gift, "{\"restock\": 1, \"limit_per_user\": " + (n % 2 == 0 ? "5" : "null") + "}"))
                .collectList();
        List<Integer> answers = Mono.zip(
                        Mono.when(
                                        cancels,
                                        expires.subscribeOn(Schedulers.boundedElastic()),
                                        refunds,
                                        revivals.subscribeOn(Schedulers.boundedElastic()))
                                .thenReturn(true),
                        changes)
                .block()
                .getT2();
        Shop.await(() -> shop.number("SELECT COUNT(*) FROM orders o JOIN order_item i ON i.order_code = o.order_code"
                        + " WHERE i.goods_id = " + gift + " AND (o.status = 1 OR o.uid >= 400 AND o.status = 5)")
                == 0);
        limit(gift, "5");

        assertThat(answers).containsOnly(200);
        assertThat(shop.sales(gift)).isEqualTo(20);
        Books.of(shop).with(gift, 260).mustBalanceWith(ALIPAY);
    }

    private static List<String> many(long firstUid, Function<Customer, String> what) {
        return IntStream.range(0, 20)
                .mapToObj(n -> what.apply(new Customer(shop, firstUid + n)))
                .toList();
    }

    private static Answer order(long gift, int pieces) {
        return shop.order(7, "{\"" + gift + "\": " + pieces + "}").block();
    }

    private static void limit(long gift, String pieces) {
        assertThat(change(gift, "{\"limit_per_user\": " + pieces + "}").block()).isEqualTo(200);
    }

    private static Mono<Integer> change(long gift, String json) {
        return shop.call(HttpMethod.PATCH, "/gifts/" + gift, Shop.operator(), json)
                .map(Answer::status);
    }
}
