package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Several instances over one database share the orders that are due: each is finished by one of them, once. */
class SharedExpiryTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static final int UNLINKED = 700;
    private static final int LINKED = 300;
    private static final int AT_ONCE = 16;

    @AfterEach
    void allIsWellAgain() {
        ALIPAY.faults().reset();
    }

    /** A third of the linked orders is logged in to, a third is paid without the shop's knowing. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aThousandDueOrdersAreFinishedOnceEach(int instances) {
        List<Shop> shops = new ArrayList<>();
        HastyShop.knows(UNLINKED + LINKED);
        try {
            shops.add(HastyShop.open());
            IntStream.range(1, instances).forEach(n -> shops.add(HastyShop.beside(shops.get(0))));
            Shop shop = shops.get(0);
            long hot = shop.gift(1_500);
            long other = shop.gift(1_000);
            Flux.range(1, UNLINKED)
                    .flatMap(uid -> shop.order(uid, "{\"" + hot + "\": 2, \"" + other + "\": 1}"), 64)
                    .blockLast();
            ALIPAY.faults().add(Fault.NOTIFY_NEVER);
            List<String> linked = Flux.range(UNLINKED + 1, LINKED)
                    .flatMap(uid -> onElastic(() -> new Customer(shop, uid).opens(other, 1)), AT_ONCE)
                    .collectList()
                    .block();
            linked.subList(0, 100).forEach(ALIPAY::login);
            linked.subList(100, 200).forEach(ALIPAY::pay);

            Passing.expire(shop);
            Shop.await(() -> shop.number("SELECT COUNT(*) FROM orders WHERE status = 1") == 0);
            Shop.await(() -> closed(shops) >= 900 && settled(shops) >= 100);

            assertThat(closed(shops)).isEqualTo(900);
            assertThat(settled(shops)).isEqualTo(100);
            assertThat(shops).allSatisfy(one -> assertThat(closed(List.of(one))).isPositive());
            assertThat(shop.stock(hot)).isEqualTo(1_500);
            assertThat(shop.stock(other)).isEqualTo(900);
            assertThat(linked.subList(0, 100))
                    .allSatisfy(
                            order -> assertThat(ALIPAY.trade(order).status()).isEqualTo("TRADE_CLOSED"));
            Books.of(shop).with(hot, 1_500).with(other, 1_000).mustBalanceWith(ALIPAY);
        } finally {
            shops.forEach(Shop::close);
        }
    }

    private static double closed(List<Shop> shops) {
        return sum(shops.stream(), "gift.orders.closed", "cause", "expired");
    }

    private static double settled(List<Shop> shops) {
        return sum(shops.stream(), "gift.orders.settled", "outcome", "settled");
    }

    private static double sum(Stream<Shop> shops, String metric, String... tags) {
        return shops.mapToDouble(shop -> shop.metric(metric, tags)).sum();
    }

    private static Mono<String> onElastic(Callable<String> work) {
        return Mono.fromCallable(work).subscribeOn(Schedulers.boundedElastic());
    }
}
