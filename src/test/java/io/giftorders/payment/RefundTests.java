package io.giftorders.payment;

import static io.giftorders.payment.Sales.amounts;
import static io.giftorders.payment.Sales.cart;
import static io.giftorders.payment.Sales.fenBack;
import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import reactor.core.publisher.Flux;

/** Money that goes back because an operator says so: once, to the fen, whatever comes in between. */
class RefundTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final String REFUND = "alipay.trade.refund";

    private static Shop shop;
    private static Shop other;
    private static Sales sales;

    @BeforeAll
    static void open() {
        String[] settings = {
            "--gift-orders.payment.min-time=0s",
            "--gift-orders.payment.refund-check-every=50ms",
            "--gift-orders.payment.refund-retry-after=50ms",
            "--gift-orders.lifecycle.check-every=50ms",
            "--gift-orders.alipay.timeout=1s"
        };
        shop = Shop.open(settings);
        other = shop.another(settings);
        sales = new Sales(shop);
    }

    @AfterEach
    void alipayIsWell() {
        ALIPAY.faults().reset();
    }

    @AfterAll
    static void booksBalance() {
        Books.of(shop).mustBalance();
        other.close();
        shop.close();
    }

    @Test
    void anOrderThatIsStillInTheHouseIsPaidBackAndItsPiecesAreOnSaleAgain() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 3));

        Answer refunded = sales.refund(order, null);

        assertThat(refunded.status()).isEqualTo(202);
        assertThat(refunded.body().get("status")).isEqualTo(6);
        assertThat(amounts(refunded)).containsExactly("29.70");
        assertThat(shop.stock(gift)).isEqualTo(10);
        assertThat(shop.sales(gift)).isZero();
        sales.awaitConfirmed(order, 1);
        assertThat(fenBack(order)).isEqualTo(2970);
    }

    @Test
    void whatWasShippedDoesNotComeBackToTheStock() {
        long gift = shop.gift(10);
        String shipped = sales.shipped(7, cart(gift, 2));
        String received = sales.received(7, cart(gift, 1));

        Answer one = sales.refund(shipped, null);
        Answer two = sales.refund(received, null);

        assertThat(List.of(one.status(), two.status())).containsOnly(202);
        assertThat(List.of(shop.status(shipped), shop.status(received))).containsOnly(6L);
        assertThat(shop.stock(gift)).isEqualTo(7);
        assertThat(shop.sales(gift)).isEqualTo(3);
        sales.awaitConfirmed(shipped, 1);
        sales.awaitConfirmed(received, 1);
        assertThat(List.of(fenBack(shipped), fenBack(received))).containsExactly(1980L, 990L);
    }

    @Test
    void piecesArePaidBackOneByOneUntilNoneIsLeft() {
        long cup = sales.gift("0.07", 100);
        long pot = sales.gift("1234567.89", 100);
        String order = sales.paid(7, cart(cup, 3, pot, 2));

        Answer first = sales.refund(order, cart(cup, 1));
        Answer second = sales.refund(order, cart(cup, 1, pot, 1));
        Answer last = sales.refund(order, cart(cup, 1, pot, 1));

        assertThat(List.of(
                        first.body().get("status"),
                        second.body().get("status"),
                        last.body().get("status")))
                .containsExactly(2, 2, 6);
        assertThat(amounts(last)).containsExactly("0.07", "1234567.96", "1234567.96");
        assertThat(List.of(shop.stock(cup), shop.stock(pot))).containsOnly(100L);
        hurry(order, 3);
        assertThat(fenBack(order)).isEqualTo(246913599);
        assertThat(ALIPAY.trade(order).refunds()).hasSize(3);
    }

    @Test
    void aRefundOfTheWholePaysBackWhatIsLeft() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 3));
        sales.refund(order, cart(gift, 1));

        Answer rest = sales.refund(order, null);

        assertThat(amounts(rest)).containsExactly("9.90", "19.80");
        assertThat(rest.body().get("status")).isEqualTo(6);
        hurry(order, 2);
        assertThat(fenBack(order)).isEqualTo(2970);
    }

    @Test
    void piecesThatWerePaidBackBeforeShipmentAreInTheStockAndTheOthersAreNot() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 4));
        sales.refund(order, cart(gift, 1));
        shop.act(Shop.operator(), order, "ship").block();

        sales.refund(order, cart(gift, 2));

        assertThat(shop.stock(gift)).isEqualTo(7);
        assertThat(shop.sales(gift)).isEqualTo(3);
        assertThat(shop.status(order)).isEqualTo(3);
    }

    @Test
    void moreThanIsLeftIsRefused() {
        long gift = shop.gift(10);
        long stranger = shop.gift(10);
        String order = sales.paid(7, cart(gift, 2));
        sales.refund(order, cart(gift, 1));

        Answer tooMany = sales.refund(order, cart(gift, 2));
        Answer notInIt = sales.refund(order, cart(gift, 1, stranger, 1));

        assertThat(List.of(tooMany.status(), notInIt.status())).containsOnly(409);
        assertThat(List.of(tooMany.problem(), notInIt.problem())).containsOnly("refund-too-large");
        assertThat(tooMany.body().get("refundable")).isEqualTo(1);
        assertThat(notInIt.body().get("refundable")).isEqualTo(0);
        assertThat(sales.refundRows(order)).isEqualTo(1);
        assertThat(shop.stock(gift)).isEqualTo(9);
    }

    @Test
    void nothingGoesBackForAnOrderThatNobodyPaid() {
        long gift = shop.gift(10);
        String unpaid = sales.ordered(7, cart(gift, 1));
        String closed = sales.closed(7, cart(gift, 1));

        List<Answer> answers =
                List.of(sales.refund(unpaid, null), sales.refund(unpaid, cart(gift, 1)), sales.refund(closed, null));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.problem()).isEqualTo("order-status");
        });
        assertThat(sales.refund("1", null).status()).isEqualTo(404);
    }

    @Test
    void aBuyerCannotPayHimselfBack() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 1));

        Answer refused = shop.act(Shop.buyer(7), order, "refund").block();

        assertThat(refused.status()).isEqualTo(403);
        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(sales.refundRows(order)).isZero();
    }

    @Test
    void fiftyOperatorsAtTwoInstancesPayAnOrderBackOnce() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 2));

        List<Answer> answers = Flux.range(0, 50)
                .flatMap(n -> (n % 2 == 0 ? shop : other).act(Shop.operator(), order, "refund"), 50)
                .collectList()
                .block();

        assertThat(answers).hasSize(50).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(202);
            assertThat(amounts(answer)).containsExactly("19.80");
        });
        assertThat(sales.refundRows(order)).isEqualTo(1);
        sales.awaitConfirmed(order, 1);
        assertThat(fenBack(order)).isEqualTo(1980);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void refundsOfSinglePiecesThatRaceEachOtherEndWhereNoneIsLeft() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 5));

        List<Answer> answers = Flux.range(0, 20)
                .flatMap(
                        n -> (n % 2 == 0 ? shop : other)
                                .call(HttpMethod.POST, "/orders/" + order + "/refund", Shop.operator(), cart(gift, 1)),
                        20)
                .collectList()
                .block();

        assertThat(answers.stream().filter(answer -> answer.status() == 202)).hasSize(5);
        assertThat(answers.stream().filter(answer -> answer.status() == 409)).hasSize(15);
        assertThat(shop.status(order)).isEqualTo(6);
        hurry(order, 5);
        assertThat(fenBack(order)).isEqualTo(4950);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void aRefundThatRacesTheShipmentTakesThePiecesBackOnlyIfItWasFirst() {
        long gift = shop.gift(100);
        List<String> orders = Flux.range(0, 10)
                .map(n -> sales.paid(7, cart(gift, 1)))
                .collectList()
                .block();

        List<Integer> shipments = Flux.fromIterable(orders)
                .concatMap(order -> shop.act(Shop.operator(), order, "ship")
                        .zipWith(other.act(Shop.operator(), order, "refund"), (ship, refund) -> ship.status()))
                .collectList()
                .block();

        long shipped = shipments.stream().filter(status -> status == 200).count();
        assertThat(shipments).allMatch(status -> status == 200 || status == 409);
        assertThat(shop.stock(gift)).isEqualTo(100 - shipped);
        assertThat(orders).allSatisfy(order -> assertThat(shop.status(order)).isEqualTo(6));
    }

    @Test
    void theSameKeyPaysBackOnce() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 3));

        Answer first = sales.refund(order, cart(gift, 1), "return-17");
        Answer again = sales.refund(order, cart(gift, 1), "return-17");
        Answer reused = sales.refund(order, cart(gift, 2), "return-17");
        Answer asAWhole = sales.refund(order, null, "return-17");

        assertThat(List.of(first.status(), again.status())).containsOnly(202);
        assertThat(amounts(again)).containsExactly("9.90");
        assertThat(List.of(reused.status(), asAWhole.status())).containsOnly(422);
        assertThat(List.of(reused.problem(), asAWhole.problem())).containsOnly("idempotency-key-reused");
        assertThat(sales.refundRows(order)).isEqualTo(1);
    }

    @Test
    void theSameKeyAtOncePaysBackOnce() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 8));

        List<Answer> answers = Flux.range(0, 20)
                .flatMap(
                        n -> (n % 2 == 0 ? shop : other)
                                .call(
                                        HttpMethod.POST,
                                        "/orders/" + order + "/refund",
                                        Shop.operator(),
                                        cart(gift, 1),
                                        "at-once"),
                        20)
                .collectList()
                .block();

        assertThat(answers).hasSize(20).allSatisfy(answer -> assertThat(amounts(answer))
                .containsExactly("9.90"));
        assertThat(sales.refundRows(order)).isEqualTo(1);
    }

    @Test
    void aBuyerMayBuyAgainWhatWentBack() {
        long gift = shop.gift(10, ", \"limit_per_user\": 3");
        String order = sales.paid(71, cart(gift, 3));
        Answer full = shop.order(71, cart(gift, 1)).block();

        sales.refund(order, cart(gift, 2));
        Answer again = shop.order(71, cart(gift, 2)).block();
        Answer fullAgain = shop.order(71, cart(gift, 1)).block();

        assertThat(List.of(full.status(), fullAgain.status())).containsOnly(409);
        assertThat(again.status()).isEqualTo(201);
    }

    @Test
    void whatWasShippedCountsAgainstTheLimitEvenWhenItIsPaidBack() {
        long gift = shop.gift(10, ", \"limit_per_user\": 1");
        String order = sales.shipped(72, cart(gift, 1));

        sales.refund(order, null);

        assertThat(shop.order(72, cart(gift, 1)).block().status()).isEqualTo(409);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {
                "GATEWAY_ANSWER_LOST",
                "GATEWAY_UNKNOWN",
                "GATEWAY_HTTP_500",
                "GATEWAY_HTML",
                "GATEWAY_RESET",
                "GATEWAY_DELAY",
                "GATEWAY_UNSIGNED_FAILURE",
                "GATEWAY_SIGNED_FAILURE",
                "GATEWAY_RATE_LIMIT",
                "GATEWAY_BAD_SIGNATURE",
                "GATEWAY_EXTRA_ROOT_OBJECT"
            })
    void moneyGoesBackOnceWhateverBecomesOfTheAnswers(Fault fault) {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 2));
        ALIPAY.faults().next(2).on(REFUND).lasting(Duration.ofMillis(1_200)).add(fault);

        sales.refund(order, null);

        sales.awaitConfirmed(order, 1);
        assertThat(ALIPAY.trade(order).refunds()).containsOnlyKeys(order + "_1");
        assertThat(fenBack(order)).isEqualTo(1980);
        assertThat(shop.number("SELECT attempts FROM refund WHERE order_code = " + order))
                .isBetween(1L, 4L);
    }

    @Test
    void aRefundWhoseAnswersAreAllLostIsConfirmedByAskingForIt() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 2));
        ALIPAY.faults().always().on(REFUND).add(Fault.GATEWAY_UNKNOWN);

        sales.refund(order, null);

        sales.awaitConfirmed(order, 1);
        assertThat(fenBack(order)).isEqualTo(1980);
    }

    @Test
    void aRefundThatAlipayRefusesIsListedAndTriedUntilItIsDone() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 2));
        ALIPAY.finish(order);

        sales.refund(order, null);

        Shop.await(() -> sales.timesListed("refund-refused", order) >= 3);
        assertThat(shop.number("SELECT COUNT(*) FROM discrepancy WHERE order_code = " + order))
                .isEqualTo(1);
        assertThat(shop.status(order)).isEqualTo(6);
        assertThat(sales.refundRows(order)).isEqualTo(1);
        Answer listed = shop.call(HttpMethod.GET, "/payments/discrepancies", Shop.operator(), null)
                .block();
        assertThat(((List<?>) listed.body().get("discrepancies")).toString())
                .contains("kind=refund-refused", "order_code=" + order, "trade_no=" + sales.tradeNo(order));
        shop.sql("UPDATE refund SET confirmed_at = UTC_TIMESTAMP(6), due_at = NULL WHERE order_code = " + order);
    }

    @Test
    void alipaysNoticeOfARefundHasItConfirmedAtOnce() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 2));
        ALIPAY.faults().add(Fault.PARTIAL_REFUND_NOTICES);
        ALIPAY.faults().next(1).on(REFUND).add(Fault.GATEWAY_ANSWER_LOST);
        // without the notice it would be sent again an hour later only
        Shop slow = shop.another(
                "--gift-orders.payment.refund-check-every=50ms", "--gift-orders.payment.refund-retry-after=1h");

        try (slow) {
            sales.refund(order, cart(gift, 1));
            sales.awaitConfirmed(order, 1);
        }

        assertThat(shop.number("SELECT COUNT(*) FROM discrepancy WHERE order_code = " + order))
                .isZero();
        assertThat(shop.number("SELECT COUNT(*) FROM payment WHERE order_code = " + order))
                .isEqualTo(1);
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void aRefundThatWasMadeAtAlipayItselfIsListed() {
        long gift = shop.gift(10);
        String order = sales.paid(7, cart(gift, 2));
        Map<String, String> notice = new TreeMap<>(ALIPAY.notifyParameters(order));
        notice.put("refund_fee", "9.90");
        notice.put("out_biz_no", "by-hand");
        notice.put("gmt_refund", notice.get("gmt_payment"));

        String told = deliver(notice);

        assertThat(told).isEqualTo("success");
        assertThat(sales.timesListed("unknown-refund", order)).isEqualTo(1);
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void whatWasWrittenBeforeTheServiceStoppedIsSentByTheNext() {
        long gift;
        String order;
        Shop stopped = Shop.open("--gift-orders.payment.min-time=0s", "--gift-orders.payment.refund-check-every=1m");
        try (stopped) {
            Sales here = new Sales(stopped);
            gift = stopped.gift(10);
            order = here.paid(7, cart(gift, 2));
            assertThat(here.refund(order, null).status()).isEqualTo(202);
            assertThat(fenBack(order)).isZero();

            try (Shop next = stopped.another("--gift-orders.payment.refund-check-every=50ms")) {
                new Sales(next).awaitConfirmed(order, 1);
            }
        }

        assertThat(fenBack(order)).isEqualTo(1980);
    }

    private static String deliver(Map<String, String> notice) {
        return shop.http()
                .post()
                .uri("/alipay/notify")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .bodyValue(LocalAlipay.form(ALIPAY.sign(notice)))
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }

    /** Waits until refunds of one trade are confirmed, without the seconds that Alipay wants between two of them. */
    private static void hurry(String order, int refunds) {
        Shop.await(() -> {
            shop.sql("UPDATE refund SET due_at = UTC_TIMESTAMP(6) WHERE due_at > UTC_TIMESTAMP(6) + INTERVAL 1 SECOND"
                    + " AND due_at < UTC_TIMESTAMP(6) + INTERVAL 10 SECOND AND order_code = " + order);
            return shop.number("SELECT COUNT(*) FROM refund WHERE confirmed_at IS NOT NULL AND order_code = " + order)
                    == refunds;
        });
    }
}
