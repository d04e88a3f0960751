package io.giftorders.payment;

import static io.giftorders.payment.Sales.amounts;
import static io.giftorders.payment.Sales.cart;
import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import reactor.core.publisher.Flux;

/** The way of the goods once they are paid, and what everybody may see of it. */
class ShipReceiveTests {

    private static final long BUYER = 7;
    private static final long STRANGER = 8;

    private static Shop shop;
    private static Sales sales;

    @BeforeAll
    static void open() {
        shop = Shop.open(
                "--gift-orders.payment.min-time=0s",
                "--gift-orders.payment.refund-check-every=50ms",
                "--gift-orders.lifecycle.check-every=50ms",
                "--gift-orders.lifecycle.receive-after=1h");
        sales = new Sales(shop);
    }

    @AfterAll
    static void booksBalance() {
        Books.of(shop).mustBalance();
        shop.close();
    }

    @Test
    void aPaidOrderIsShippedOnceHoweverOftenTheOperatorSaysSo() {
        long gift = shop.gift(10);
        String order = sales.paid(BUYER, cart(gift, 2));

        Answer shipped = ship(order);
        Answer again = ship(order);

        assertThat(List.of(shipped.status(), again.status())).containsOnly(200);
        assertThat(List.of(shipped.body().get("status"), again.body().get("status")))
                .containsOnly(3);
        assertThat(again.body().get("shipped_at")).isEqualTo(shipped.body().get("shipped_at"));
        assertThat(List.of(shop.stock(gift), shop.sales(gift))).containsExactly(8L, 2L);
    }

    @Test
    void aShippedOrderIsReceivedOnceHoweverOftenTheBuyerSaysSo() {
        long gift = shop.gift(10);
        String order = sales.shipped(BUYER, cart(gift, 2));

        List<Answer> received = Flux.range(0, 10)
                .flatMap(n -> shop.act(Shop.buyer(BUYER), order, "receive"), 10)
                .collectList()
                .block();

        assertThat(received).hasSize(10).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().get("status")).isEqualTo(4);
        });
        assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE due_at IS NOT NULL AND order_code = " + order))
                .isZero();
    }

    @Test
    void anOrderIsReceivedByItselfOnceItsTimeHasCome() {
        long gift = shop.gift(10);
        String order = sales.shipped(BUYER, cart(gift, 2));
        long minutesLeft = shop.number(
                "SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(6), due_at) FROM orders WHERE order_code = " + order);

        shop.sql("UPDATE orders SET due_at = due_at - INTERVAL 1 HOUR WHERE order_code = " + order);

        assertThat(minutesLeft).isBetween(55L, 59L);
        Shop.await(() -> shop.status(order) == 4);
    }

    @Test
    void onlyWhatIsPaidIsShippedAndOnlyWhatIsShippedIsReceived() {
        long gift = shop.gift(20);
        String unpaid = sales.ordered(BUYER, cart(gift, 1));
        String closed = sales.closed(BUYER, cart(gift, 1));
        String paid = sales.paid(BUYER, cart(gift, 1));
        String received = sales.received(BUYER, cart(gift, 1));
        String refunded = sales.paid(BUYER, cart(gift, 1));
        sales.refund(refunded, null);

        List<Answer> answers = List.of(
                ship(unpaid),
                ship(closed),
                ship(received),
                ship(refunded),
                receive(BUYER, unpaid),
                receive(BUYER, closed),
                receive(BUYER, paid),
                receive(BUYER, refunded));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.problem()).isEqualTo("order-status");
        });
        assertThat(answers.stream().map(answer -> (Object) answer.body().get("order_status")))
                .containsExactly(1, 5, 4, 6, 1, 5, 2, 6);
        assertThat(List.of(unpaid, closed, paid, received, refunded).stream().map(shop::status))
                .containsExactly(1L, 5L, 2L, 4L, 6L);
    }

    @Test
    void buyersDoNotShipAndOthersDoNotReceive() {
        long gift = shop.gift(10);
        String paid = sales.paid(BUYER, cart(gift, 1));
        String shipped = sales.shipped(BUYER, cart(gift, 1));

        Answer byBuyer = shop.act(Shop.buyer(BUYER), paid, "ship").block();
        Answer byStranger = receive(STRANGER, shipped);
        Answer byOperator = shop.act(Shop.operator(), shipped, "receive").block();
        Answer byNobody = shop.act("", shipped, "receive").block();
        Answer unknown = ship("1");

        assertThat(byBuyer.status()).isEqualTo(403);
        assertThat(List.of(byStranger.status(), byOperator.status(), unknown.status()))
                .containsOnly(404);
        assertThat(byNobody.status()).isEqualTo(401);
        assertThat(List.of(shop.status(paid), shop.status(shipped))).containsExactly(2L, 3L);
    }

    @Test
    void aShippedOrderIsNotCancelled() {
        long gift = shop.gift(10);
        String order = sales.shipped(BUYER, cart(gift, 1));

        Answer refused = shop.act(Shop.buyer(BUYER), order, "cancel").block();

        assertThat(refused.status()).isEqualTo(409);
        assertThat(shop.status(order)).isEqualTo(3);
        assertThat(shop.stock(gift)).isEqualTo(9);
    }

    @Test
    void anOrderTellsWhenWhatHappened() {
        long gift = shop.gift(10);
        String order = sales.ordered(BUYER, cart(gift, 3));
        Map<?, ?> fresh = show(order);
        String other = sales.closed(BUYER, cart(gift, 1));
        String paid = sales.shipped(BUYER, cart(gift, 3));

        sales.refund(paid, cart(gift, 2));
        Map<?, ?> old = show(paid);

        assertThat(fresh.keySet().toString()).doesNotContain("paid_at", "shipped_at", "closing_at", "pay_link_at");
        assertThat(fresh.get("items").toString()).doesNotContain("refunded", "returned");
        assertThat(Instant.parse(show(other).get("closing_at").toString())).isBeforeOrEqualTo(Instant.now());
        assertThat(Instant.parse(old.get("paid_at").toString()))
                .isBeforeOrEqualTo(Instant.parse(old.get("shipped_at").toString()));
        assertThat(old.get("items").toString()).contains("refunded=2").doesNotContain("returned");
        assertThat(old.get("status")).isEqualTo(3);
    }

    @Test
    void theMoneyOfAnOrderIsShownToItsBuyerAndToOperators() {
        long gift = shop.gift(10);
        String order = sales.paid(BUYER, cart(gift, 3));
        sales.refund(order, cart(gift, 1), "a-cup-broke");
        sales.awaitConfirmed(order, 1);

        Answer toBuyer = money(Shop.buyer(BUYER), order);
        Answer toOperator = money(Shop.operator(), order);

        assertThat(toBuyer.status()).isEqualTo(200);
        assertThat(toBuyer.body()).isEqualTo(toOperator.body());
        assertThat(toBuyer.body().get("order_code")).isEqualTo(order);
        assertThat(toBuyer.body().get("payments").toString())
                .contains("trade_no=" + sales.tradeNo(order), "total_amount=29.70", "paid_at=");
        assertThat(amounts(toBuyer)).containsExactly("9.90");
        assertThat(toBuyer.body().get("refunds").toString())
                .contains("cause=operator", "created_at=", "confirmed_at=")
                .doesNotContain("a-cup-broke");
    }

    @Test
    void theMoneyOfAnOrderIsNobodyElsesBusiness() {
        long gift = shop.gift(10);
        String order = sales.paid(BUYER, cart(gift, 1));

        Answer toStranger = money(Shop.buyer(STRANGER), order);
        Answer toNobody = money("", order);
        Answer ofNothing = money(Shop.operator(), "1");

        assertThat(List.of(toStranger.status(), ofNothing.status())).containsOnly(404);
        assertThat(toStranger.problem()).isEqualTo("order-not-found");
        assertThat(toNobody.status()).isEqualTo(401);
    }

    @Test
    void anUnpaidOrderHasNoMoney() {
        long gift = shop.gift(10);
        String order = sales.ordered(BUYER, cart(gift, 1));

        Answer money = money(Shop.buyer(BUYER), order);

        assertThat(money.body().get("status")).isEqualTo(1);
        assertThat(List.of(money.body().get("payments"), money.body().get("refunds")))
                .containsOnly(List.of());
    }

    private static Answer ship(String order) {
        return shop.act(Shop.operator(), order, "ship").block();
    }

    private static Answer receive(long uid, String order) {
        return shop.act(Shop.buyer(uid), order, "receive").block();
    }

    private static Map<?, ?> show(String order) {
        return shop.call(HttpMethod.GET, "/orders/" + order, Shop.buyer(BUYER), null)
                .block()
                .body();
    }

    private static Answer money(String token, String order) {
        return shop.call(HttpMethod.GET, "/orders/" + order + "/payments", token, null)
                .block();
    }
}
