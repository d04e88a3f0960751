package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.Faults;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

/** Orders close only once nobody can pay for them any more, and their pieces come back exactly once. */
class ClosingTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static final String QUERY = "alipay.trade.query";
    private static final String CLOSE = "alipay.trade.close";

    private static Shop shop;

    private final Customer buyer = new Customer(shop, 7);

    @BeforeAll
    static void open() {
        shop = HastyShop.open();
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
    void fiveHundredUnpaidOrdersOfOneGiftExpireAtOnce() {
        HastyShop.knows(500);
        long gift = shop.gift(1_000);
        double closedBefore = shop.metric("gift.orders.closed", "cause", "expired");
        Flux.range(1, 500)
                .flatMap(uid -> shop.order(uid, "{\"" + gift + "\": 2}"), 100)
                .blockLast();
        assertThat(shop.stock(gift)).isZero();

        Passing.expire(shop);
        Shop.await(() -> shop.number("SELECT COUNT(*) FROM orders WHERE status = 1") == 0);
        Shop.await(() -> shop.metric("gift.orders.closed", "cause", "expired") - closedBefore >= 500);

        assertThat(shop.stock(gift)).isEqualTo(1_000);
        assertThat(shop.sales(gift)).isZero();
        assertThat(shop.metric("gift.orders.closed", "cause", "expired") - closedBefore)
                .isEqualTo(500);
    }

    @Test
    void anOrderNobodyLoggedInToStaysOpenUntilNoClockCanAllowAPayment() {
        try (Shop careful = HastyShop.open("placement.pay-within=1s", "payment.clock-skew=3s")) {
            long gift = careful.gift(10);
            String order = new Customer(careful, 7).opens(gift, 2);
            Instant expiresAt = expiresAt(careful, order);

            Shop.await(() -> isClosing(careful, order));
            Answer pay = new Customer(careful, 7).asksToPay(order);
            Shop.await(() -> careful.status(order) == 5);

            assertThat(pay.status()).isEqualTo(409);
            assertThat(pay.problem()).isEqualTo("too-late-to-pay");
            assertThat(pay.body().get("closing_at")).isNotNull();
            assertThat(Instant.now()).isAfter(expiresAt.plusSeconds(3));
            assertThat(careful.stock(gift)).isEqualTo(10);
            Books.of(careful).with(gift, 10).mustBalance();
        }
    }

    @Test
    void aTradeThatWaitsIsClosedAtAlipayFirst() {
        long gift = shop.gift(10);
        String order = buyer.logsIn(gift, 2);
        ALIPAY.faults().always().of(order).on(CLOSE).subCode("ACQ.SYSTEM_ERROR").add(Fault.GATEWAY_SIGNED_FAILURE);

        Passing.expire(shop, order);
        awaitCalls("close", 3);

        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(shop.stock(gift)).isEqualTo(8);
        ALIPAY.faults().reset();
        Shop.await(() -> shop.status(order) == 5);
        assertThat(ALIPAY.trade(order).status()).isEqualTo("TRADE_CLOSED");
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void aPaymentAtTheLastMomentSettlesTheOrderInstead() {
        long gift = shop.gift(10);
        String order = buyer.logsIn(gift, 2);
        ALIPAY.faults().always().of(order).add(Fault.NOTIFY_NEVER);
        ALIPAY.faults()
                .next(1)
                .of(order)
                .on(QUERY)
                .lasting(Duration.ofMillis(800))
                .add(Fault.GATEWAY_DELAY);

        Passing.expire(shop, order);
        Shop.await(() -> isClosing(shop, order));
        // the first question is under way, and its answer will be: not paid
        ALIPAY.pay(afterAWhile(order));
        Shop.await(() -> shop.status(order) != 1);

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(shop.stock(gift)).isEqualTo(8);
        Books.of(shop).with(gift, 10).mustBalance();
    }

    @Test
    void whatCloseSaysDecidesNothing() {
        long gift = shop.gift(10);
        String order = buyer.logsIn(gift, 2);
        ALIPAY.faults()
                .next(2)
                .of(order)
                .on(CLOSE)
                .subCode("ACQ.TRADE_STATUS_ERROR")
                .add(Fault.GATEWAY_SIGNED_FAILURE);

        Answer answer = buyer.cancels(order);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().get("status")).isEqualTo(1);
        assertThat(shop.stock(gift)).isEqualTo(8);
        Shop.await(() -> shop.status(order) == 5);
        assertThat(ALIPAY.trade(order).status()).isEqualTo("TRADE_CLOSED");
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "GATEWAY_RESET",
                "GATEWAY_HTTP_500",
                "GATEWAY_HTML",
                "GATEWAY_ANSWER_LOST",
                "GATEWAY_UNKNOWN",
                "GATEWAY_UNSIGNED_FAILURE",
                "GATEWAY_RATE_LIMIT",
                "GATEWAY_BAD_SIGNATURE"
            })
    void nothingClosesWhileAlipayGivesNoCertainAnswer(Fault fault) {
        long gift = shop.gift(10);
        String neverLoggedIn = buyer.opens(gift, 2);
        String waiting = buyer.logsIn(gift, 2);
        Faults.Scope always = ALIPAY.faults().always().subCode("ACQ.TRADE_NOT_EXIST");
        always.of(neverLoggedIn).add(fault);
        always.of(waiting).add(fault);

        Passing.expire(shop, neverLoggedIn);
        Passing.expire(shop, waiting);
        awaitCalls("query", 6);

        assertThat(shop.status(neverLoggedIn)).isEqualTo(1);
        assertThat(shop.status(waiting)).isEqualTo(1);
        assertThat(shop.stock(gift)).isEqualTo(6);
        ALIPAY.faults().reset();
        Shop.await(() -> shop.status(neverLoggedIn) == 5 && shop.status(waiting) == 5);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void nothingClosesWhileAlipayIsTooSlow() {
        try (Shop impatient = HastyShop.beside(shop, "alipay.timeout=1s")) {
            long gift = shop.gift(10);
            String order = new Customer(impatient, 7).opens(gift, 2);
            ALIPAY.faults().always().of(order).lasting(Duration.ofSeconds(2)).add(Fault.GATEWAY_DELAY);

            Answer answer = new Customer(impatient, 7).cancels(order);

            assertThat(answer.status()).isEqualTo(202);
            assertThat(shop.status(order)).isEqualTo(1);
            ALIPAY.faults().reset();
            Passing.expire(shop, order);
            Shop.await(() -> shop.status(order) == 5);
            assertThat(shop.stock(gift)).isEqualTo(10);
        }
    }

    @Test
    void aSlowAnswerFromBeforeTheDeadlineDoesNotCloseAfterIt() {
        long gift = shop.gift(10);
        String order = buyer.opens(gift, 2);
        shop.sql("UPDATE orders SET expires_at = UTC_TIMESTAMP(6) + INTERVAL 2 SECOND WHERE order_code = " + order);
        ALIPAY.faults()
                .next(1)
                .of(order)
                .on(QUERY)
                .lasting(Duration.ofSeconds(4))
                .add(Fault.GATEWAY_DELAY);
        ALIPAY.faults().always().of(order).add(Fault.NOTIFY_NEVER);

        var cancelled = shop.act(Shop.buyer(7), order, "cancel").toFuture();
        Shop.await(() -> isClosing(shop, order));
        // Alipay has said that there is no trade; then, just in time, there is one
        ALIPAY.pay(afterAWhile(order));
        Answer answer = cancelled.join();

        assertThat(answer.status()).as("nobody may close it on that answer").isNotEqualTo(200);
        Shop.await(() -> shop.status(order) == 2);
        Books.of(shop).with(gift, 10).mustBalance();
    }

    @Test
    void aCloseWhoseAnswerIsLostClosesOnce() {
        long gift = shop.gift(10);
        String order = buyer.logsIn(gift, 2);
        ALIPAY.faults().next(1).of(order).on(CLOSE).add(Fault.GATEWAY_ANSWER_LOST);

        Answer answer = buyer.cancels(order);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(ALIPAY.trade(order).status()).isEqualTo("TRADE_CLOSED");
        Shop.await(() -> shop.status(order) == 5);
        Books.of(shop).with(gift, 10).mustBalance();
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void whatAlipayClosedItselfClosesBeforeTheDeadline() {
        long gift = shop.gift(10);
        String order = buyer.logsIn(gift, 2);
        ALIPAY.expire(order);

        Passing.lookNow(shop, order);

        Shop.await(() -> shop.status(order) == 5);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void anOrderThatNobodyCanBePayingIsCancelledAtOnce() {
        long gift = shop.gift(10);
        String order = buyer.orders(gift, 2);

        Answer answer = buyer.cancels(order);
        Answer again = buyer.cancels(order);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().get("status")).isEqualTo(5);
        assertThat(again.status()).isEqualTo(200);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void anOrderWhoseCashierPageIsOpenIsCancelledLater() {
        long gift = shop.gift(10);
        String order = buyer.opens(gift, 2);

        Answer answer = buyer.cancels(order);
        Answer again = buyer.cancels(order);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body().get("closing_at")).isNotNull();
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body().get("closing_at")).isEqualTo(answer.body().get("closing_at"));
        assertThat(shop.stock(gift)).isEqualTo(8);
        Passing.expire(shop, order);
        Shop.await(() -> shop.status(order) == 5);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    /** Whoever could put it off would hold the pieces for nothing. */
    @Test
    void whoRepeatsACancelPutsTheCloseNoFurtherOff() {
        String order = buyer.opens(shop.gift(10), 2);
        String secondsToLook =
                "SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), due_at) FROM orders WHERE order_code = " + order;
        String dueAt =
                "SELECT CAST(UNIX_TIMESTAMP(due_at) * 1000000 AS SIGNED) FROM orders WHERE order_code = " + order;
        buyer.cancels(order);
        Shop.await(() -> shop.number(secondsToLook) > 60);

        buyer.cancels(order);
        assertThat(shop.number(secondsToLook)).as("brought forward").isLessThanOrEqualTo(60);
        long due = shop.number(dueAt);
        for (int time = 0; time < 5; time++) {
            assertThat(buyer.cancels(order).status()).isEqualTo(202);
        }

        assertThat(shop.number(dueAt)).isEqualTo(due);
    }

    @Test
    void aCancelledOrderWhoseOpenPageIsPaidIsPaid() {
        long gift = shop.gift(10);
        String order = buyer.opens(gift, 2);
        Answer cancelled = buyer.cancels(order);

        ALIPAY.pay(order);
        Shop.await(() -> shop.status(order) == 2);
        Answer again = buyer.cancels(order);

        assertThat(cancelled.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(409);
        Books.of(shop).with(gift, 10).mustBalance();
    }

    @Test
    void aCancelledOrderGetsNoPayLink() {
        long gift = shop.gift(10);
        String closed = buyer.orders(gift, 2);
        String closing = buyer.opens(gift, 2);
        buyer.cancels(closed);
        buyer.cancels(closing);

        Answer ofClosed = buyer.asksToPay(closed);
        Answer ofClosing = buyer.asksToPay(closing);

        assertThat(ofClosed.status()).isEqualTo(409);
        assertThat(ofClosed.problem()).isEqualTo("too-late-to-pay");
        assertThat(ofClosing.status()).isEqualTo(409);
        assertThat(ofClosing.problem()).isEqualTo("too-late-to-pay");
    }

    @Test
    void nobodyCancelsAnotherBuyersOrder() {
        long gift = shop.gift(10);
        String order = buyer.orders(gift, 2);

        Answer answer = new Customer(shop, 8).cancels(order);
        Answer ofNoOrder = buyer.cancels("1");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(ofNoOrder.status()).isEqualTo(404);
        assertThat(shop.status(order)).isEqualTo(1);
    }

    @Test
    void aPaidOrderCannotBeCancelled() {
        long gift = shop.gift(10);
        String order = buyer.pays(gift, 2);

        Answer answer = buyer.cancels(order);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("order-status");
        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(shop.stock(gift)).isEqualTo(8);
    }

    private static boolean isClosing(Shop asked, String order) {
        return asked.number("SELECT closing_at IS NOT NULL FROM orders WHERE order_code = " + order) == 1;
    }

    /** Long enough for a question to reach Alipay, which has its answer ready then and keeps it back. */
    private static String afterAWhile(String order) {
        Instant then = Instant.now().plusMillis(400);
        Shop.await(() -> Instant.now().isAfter(then));
        return order;
    }

    private static Instant expiresAt(Shop asked, String order) {
        return Instant.ofEpochSecond(asked.number(
                "SELECT TIMESTAMPDIFF(SECOND, '1970-01-01', expires_at) FROM orders WHERE order_code = " + order));
    }

    /** Waits for so many more calls. */
    private static void awaitCalls(String method, int more) {
        double before = shop.metric("gift.orders.alipay.calls", "method", method);
        Shop.await(() -> shop.metric("gift.orders.alipay.calls", "method", method) >= before + more);
    }
}
