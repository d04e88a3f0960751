package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.localalipay.TradeView;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Buyers who pay and give up at the same moment, on two instances over one database. Whoever wins, the order's status, its
 * money and its pieces agree, here and at Alipay.
 */
class RaceTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static final int ROUNDS = 10_000;
    private static final int GIFTS = 20;
    private static final int BUYERS = 500;

    /** Rounds under way at once. Chosen: the service's threads for Alipay are never all busy. */
    private static final int AT_ONCE = 24;

    /** How long either waits at most. Chosen: a cancel asks Alipay up to three times, so the payment is given more time. */
    private static final int CANCEL_WAITS_MILLIS = 5;

    private static final int PAYMENT_WAITS_MILLIS = 30;

    private static final int MAX_CALLS = 50;

    private final Random random = new Random(20261122);
    private final Scheduler buyers = Schedulers.newBoundedElastic(AT_ONCE, 100_000, "buyers");
    private final List<Long> gifts = new ArrayList<>();
    private final List<Shop> shops = new ArrayList<>();

    @BeforeEach
    void open() {
        HastyShop.knows(BUYERS);
        shops.add(HastyShop.open());
        shops.add(HastyShop.beside(shops.get(0)));
        IntStream.range(0, GIFTS).forEach(n -> gifts.add(shops.get(0).gift(ROUNDS)));
    }

    @AfterEach
    void close() {
        ALIPAY.faults().reset();
        shops.forEach(Shop::close);
        buyers.dispose();
    }

    @Test
    void tenThousandTimesABuyerPaysAndGivesUpAtOnce() {
        List<Round> rounds = place(ROUNDS);

        List<Race> races = Flux.fromIterable(rounds)
                .flatMap(round -> prepare(round).then(run(round)), AT_ONCE)
                .collectList()
                .block();
        awaitDecided();

        Set<String> paid = ordersWith(2);
        Set<String> closed = ordersWith(5);
        assertThat(paid.size() + closed.size()).isEqualTo(ROUNDS);
        assertThat(paid).as("paid here and at Alipay").isEqualTo(paidAtAlipay());
        assertThat(paid.size()).as("races that the payment won").isBetween(ROUNDS / 50, ROUNDS - ROUNDS / 50);
        assertThat(races).allSatisfy(race -> {
            assertThat(race.cancelled()).as("cancel of " + race.order()).isIn(200, 202, 409);
            if (race.cancelled() != 202) {
                assertThat(race.cancelled() == 200 ? closed : paid).contains(race.order());
            }
        });
        books().mustBalanceWith(ALIPAY);
    }

    @Test
    void ordersExpireWhileTheirBuyersPay() {
        List<Round> rounds = place(400);
        Flux.fromIterable(rounds).flatMap(this::logIn, AT_ONCE).blockLast();

        Collections.shuffle(rounds, random);

        Passing.expire(shops.get(0));
        Flux.fromIterable(rounds).flatMap(this::pay, 2).blockLast();
        awaitDecided();

        assertThat(ordersWith(2)).isEqualTo(paidAtAlipay()).isNotEmpty();
        assertThat(ordersWith(5)).isNotEmpty();
        books().mustBalanceWith(ALIPAY);
    }

    @Test
    void whoeverGetsAPayLinkCanStillPay() {
        List<Round> rounds = place(500);

        List<String> answers = Flux.fromIterable(rounds)
                .flatMap(
                        round -> Mono.zip(
                                askToPay(round),
                                cancel(round).delaySubscription(upTo(3)),
                                (link, cancelled) -> link.status() + " " + cancelled.status()),
                        AT_ONCE)
                .collectList()
                .block();

        // a link and a closed order never meet
        assertThat(answers).contains("200 202", "409 200").containsOnly("200 202", "409 200");
        assertThat(ordersWith(1)).hasSize(Collections.frequency(answers, "200 202"));
        books().mustBalance();
    }

    @Test
    void aPaymentToldByNotifyQueryAndReturnAtOnceIsOnePayment() {
        List<Round> rounds = place(200);
        rounds.forEach(
                round -> ALIPAY.faults().next(1).of(round.order()).copies(2).add(Fault.NOTIFY_DUPLICATE));

        Flux.fromIterable(rounds)
                .flatMap(this::logIn, AT_ONCE)
                .flatMap(
                        round -> Mono.fromCallable(() -> ALIPAY.pay(round.order()))
                                .subscribeOn(buyers)
                                .flatMap(back ->
                                        Mono.when(comesBack(back), comesBack(back), lookNow(round), cancel(round))),
                        AT_ONCE)
                .blockLast();
        awaitDecided();
        Shop.await(() -> ALIPAY.deliveries().stream()
                        .filter(told ->
                                rounds.stream().anyMatch(round -> round.order().equals(told.outTradeNo())))
                        .count()
                >= 600);

        assertThat(ordersWith(2)).hasSize(200);
        assertThat(settled()).isEqualTo(200);
        books().mustBalanceWith(ALIPAY);
    }

    /** @param number decides what the buyer has done before, and which instances it meets */
    private record Round(int number, String order, long uid, Shop pays, Shop cancels) {}

    private record Race(String order, int cancelled) {}

    private List<Round> place(int count) {
        return Flux.range(0, count)
                .flatMap(
                        n -> {
                            Shop shop = shops.get(n % 2);
                            long uid = 1L + n % BUYERS;
                            String cart = "{\"" + gifts.get(n % GIFTS) + "\": " + (1 + n % 3) + "}";
                            return untilServed(shop.order(uid, cart))
                                    .map(placed -> new Round(n, placed.orderCode(), uid, shop, shops.get(n / 4 % 2)));
                        },
                        128)
                .collectList()
                .block();
    }

    /** Of four rounds two begin with the buyer logged in at the cashier, one with the cashier's page open. */
    private Mono<Void> prepare(Round round) {
        return switch (round.number() % 4) {
            case 0, 1 -> logIn(round).then();
            case 2 -> open(round).then();
            default -> Mono.empty();
        };
    }

    private Mono<Race> run(Round round) {
        Mono<Boolean> paying = round.number() % 4 == 3
                ? open(round).then(pay(round)).onErrorReturn(IllegalStateException.class, false)
                : pay(round);
        return Mono.zip(
                paying.delaySubscription(upTo(PAYMENT_WAITS_MILLIS)),
                cancel(round).delaySubscription(upTo(CANCEL_WAITS_MILLIS)),
                (paid, cancelled) -> new Race(round.order(), cancelled.status()));
    }

    /** Fails with {@link IllegalStateException} where there is no pay link. */
    private Mono<Round> open(Round round) {
        return askToPay(round)
                .flatMap(answer -> answer.status() == 200
                        ? Mono.just(String.valueOf(answer.body().get("pay_url")))
                        : Mono.error(() -> new IllegalStateException("no pay link: " + answer)))
                .publishOn(buyers)
                .doOnNext(ALIPAY::open)
                .thenReturn(round);
    }

    private Mono<Round> logIn(Round round) {
        return open(round).doOnNext(opened -> ALIPAY.login(opened.order()));
    }

    /** Alipay may refuse: the trade is closed. */
    private Mono<Boolean> pay(Round round) {
        return Mono.fromCallable(() -> {
                    try {
                        ALIPAY.pay(round.order());
                        return true;
                    } catch (RuntimeException closed) {
                        return false;
                    }
                })
                .subscribeOn(buyers);
    }

    private static Mono<Answer> askToPay(Round round) {
        return untilServed(round.pays().act(Shop.buyer(round.uid()), round.order(), "pay"));
    }

    private static Mono<Answer> cancel(Round round) {
        return untilServed(round.cancels().act(Shop.buyer(round.uid()), round.order(), "cancel"));
    }

    /** A client that is told to come back does so. */
    private static Mono<Answer> untilServed(Mono<Answer> call) {
        return call.filter(answer -> answer.status() != 503)
                .repeatWhenEmpty(MAX_CALLS, busy -> busy.delayElements(Duration.ofMillis(100)));
    }

    private static Mono<Void> comesBack(String returnUrl) {
        return WebClient.create().get().uri(URI.create(returnUrl)).exchangeToMono(answer -> answer.releaseBody());
    }

    private Mono<Void> lookNow(Round round) {
        return Mono.<Void>fromRunnable(() -> Passing.lookNow(shops.get(0), round.order()))
                .subscribeOn(buyers);
    }

    private Duration upTo(int millis) {
        return Duration.ofMillis(random.nextInt(millis + 1));
    }

    private void awaitDecided() {
        Shop.await(() -> ordersWith(1).isEmpty());
    }

    private Set<String> ordersWith(int status) {
        return new TreeSet<>(shops.get(0)
                .database()
                .sql("SELECT order_code FROM orders WHERE status = " + status)
                .map(row -> String.valueOf(row.get(0, Long.class)))
                .all()
                .collectList()
                .block());
    }

    private Set<String> paidAtAlipay() {
        Set<String> ours = shops.get(0).orderCodes();
        return ALIPAY.trades().values().stream()
                .filter(trade -> ours.contains(trade.outTradeNo()))
                .filter(TradeView::paid)
                .map(TradeView::outTradeNo)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private double settled() {
        return shops.stream()
                .mapToDouble(shop -> shop.metric("gift.orders.settled", "outcome", "settled"))
                .sum();
    }

    private Books books() {
        Books books = Books.of(shops.get(0));
        for (long gift : gifts) {
            books = books.with(gift, ROUNDS);
        }
        return books;
    }
}
