package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.gift.Gift;
import io.giftorders.order.Cart;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.order.placement.Decision.Refused;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AllocationTests {

    private static final Instant NOW = Instant.parse("2026-11-11T12:00:00Z");
    private static final Gift TEA = gift(1, "9.90", 10, null);
    private static final Gift FAN = gift(2, "19.80", 3, null);
    private static final Gift RABBIT = gift(3, "888.00", 100, 2);

    private static final Duration PAY_WITHIN = Duration.ofMinutes(15);

    private final Allocation allocation = new Allocation(
            new Snapshot(
                    NOW,
                    Stream.of(TEA, FAN, RABBIT).collect(Collectors.toMap(Gift::id, gift -> gift)),
                    Map.of(new Purchase.Holding(3, 7), 1L),
                    Map.of()),
            PAY_WITHIN);

    @Test
    void whoComesFirstIsServedFirst() {
        assertThat(outcome(wish(1, 2, 2))).isEqualTo("placed");
        assertThat(outcome(wish(2, 2, 2))).isEqualTo("out-of-stock");
        assertThat(outcome(wish(3, 2, 1))).isEqualTo("placed");

        assertThat(allocation.takings()).containsExactly(new Taking(FAN, 3));
    }

    @Test
    void aCartThatDoesNotFitAsAWholeTakesNothing() {
        PlaceOrder both = new PlaceOrder(1, 1, new Cart(List.of(new Cart.Line(2, 4), new Cart.Line(1, 1))), null);

        assertThat(outcome(both)).isEqualTo("out-of-stock");

        assertThat(allocation.takings()).isEmpty();
        assertThat(allocation.sales()).isEmpty();
    }

    @Test
    void whatABuyerHasAndWhatTheBatchGivesCountTowardsTheLimit() {
        assertThat(outcome(wish(7, 3, 2))).isEqualTo("limit-per-user");
        assertThat(outcome(wish(7, 3, 1))).isEqualTo("placed");
        assertThat(outcome(wish(7, 3, 1))).isEqualTo("limit-per-user");
        assertThat(outcome(wish(8, 3, 2))).isEqualTo("placed");

        assertThat(allocation.purchases())
                .containsExactly(
                        new Purchase(new Purchase.Holding(3, 7), 1, 2), new Purchase(new Purchase.Holding(3, 8), 2, 2));
    }

    @Test
    void theSaleIsOpenFromItsFirstMomentUntilItsLast() {
        assertThat(outcomeWithWindow(NOW, NOW.plusNanos(1000))).isEqualTo("placed");
        assertThat(outcomeWithWindow(NOW.plusNanos(1000), null)).isEqualTo("sale-not-started");
        assertThat(outcomeWithWindow(null, NOW)).isEqualTo("sale-ended");
    }

    @Test
    void oneKeyInABatchIsOneOrder() {
        Decision first = allocation.decide(keyed(11, 1, 2, "key"));
        Decision again = allocation.decide(keyed(12, 1, 2, "key"));
        Decision otherCart = allocation.decide(keyed(13, 1, 3, "key"));

        assertThat(((Placed) again).replayed()).isTrue();
        assertThat(((Placed) again).order()).isSameAs(((Placed) first).order());
        assertThat(((Refused) otherCart).refusal().name()).isEqualTo("idempotency-key-reused");
        assertThat(allocation.takings()).containsExactly(new Taking(TEA, 2));
    }

    @Test
    void whatIsGivenBackIsThereForTheNext() {
        allocation.decide(keyed(11, 2, 3, "key"));

        allocation.giveBackLast();

        assertThat(allocation.takings()).isEmpty();
        assertThat(((Placed) allocation.decide(keyed(12, 2, 3, "key"))).replayed())
                .isFalse();
    }

    @Test
    void anOrderBeyondWhatOnePaymentCanBeIsRefused() {
        Allocation expensive = new Allocation(
                new Snapshot(NOW, Map.of(1L, gift(1, "50000000.00", 10, null)), Map.of(), Map.of()), PAY_WITHIN);

        assertThat(name(expensive.decide(wish(1, 1, 2)))).isEqualTo("placed");
        assertThat(name(expensive.decide(wish(1, 1, 3)))).isEqualTo("total-too-large");
    }

    private String outcome(PlaceOrder wish) {
        return name(allocation.decide(wish));
    }

    private static String name(Decision decision) {
        return decision instanceof Refused refused ? refused.refusal().name() : "placed";
    }

    private static String outcomeWithWindow(Instant start, Instant end) {
        Gift gift = new Gift(1, "Tea", BigDecimal.ONE, 10, 0, start, end, null, 0);
        return name(new Allocation(new Snapshot(NOW, Map.of(1L, gift), Map.of(), Map.of()), PAY_WITHIN)
                .decide(wish(1, 1, 1)));
    }

    private static PlaceOrder wish(long uid, long gift, int count) {
        return new PlaceOrder(uid, uid, new Cart(List.of(new Cart.Line(gift, count))), null);
    }

    private static PlaceOrder keyed(long code, long gift, int count, String key) {
        return new PlaceOrder(code, 1, new Cart(List.of(new Cart.Line(gift, count))), new IdempotencyKey(key));
    }

    private static Gift gift(long id, String price, long stock, Integer limit) {
        return new Gift(id, "Gift", new BigDecimal(price), stock, 0, null, null, limit, 5);
    }
}
