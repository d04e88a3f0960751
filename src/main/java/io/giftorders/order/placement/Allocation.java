package io.giftorders.order.placement;

import io.giftorders.gift.Gift;
import io.giftorders.gift.UnknownGift;
import io.giftorders.order.Cart;
import io.giftorders.order.Order;
import io.giftorders.order.OrderItem;
import io.giftorders.order.placement.Decision.Placed;
import io.giftorders.order.placement.Decision.Refused;
import io.giftorders.order.placement.PlaceOrder.KeyUse;
import io.giftorders.order.placement.Purchase.Holding;
import io.giftorders.problem.Refusal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides, in arrival order, which orders of a batch fit what is there. Arithmetic only: what is decided here is written
 * by {@link PlacementTransaction}, and stands only if its conditional updates find the world as it was read.
 */
final class Allocation {

    /** The most Alipay takes in one payment (alipay.trade.page.pay, total_amount). */
    private static final BigDecimal MAX_TOTAL = new BigDecimal("100000000.00");

    private final Snapshot snapshot;
    private final Duration payWithin;
    private final TreeMap<Long, Long> taken = new TreeMap<>();
    private final Map<Holding, Long> bought = new HashMap<>();
    private final Map<KeyUse, Order> placedByKey = new HashMap<>();
    private final List<Sale> sales = new ArrayList<>();

    /** @param payWithin how long an order can be paid */
    Allocation(Snapshot snapshot, Duration payWithin) {
        this.snapshot = snapshot;
        this.payWithin = payWithin;
    }

    /** Decides one order, after all that were decided before. */
    Decision decide(PlaceOrder wish) {
        Order earlier = orderUnderKeyOf(wish);
        if (earlier != null) {
            return earlier.fills(wish.cart()) ? new Placed(earlier, true) : new Refused(new Refusals.KeyReused());
        }
        for (Cart.Line line : wish.cart().lines()) {
            Refusal refusal = refusal(wish.uid(), line);
            if (refusal != null) {
                return new Refused(refusal);
            }
        }
        Order order = Order.of(wish.orderCode(), wish.uid(), snapshot.now(), payWithin, items(wish.cart()));
        if (order.totalAmount().compareTo(MAX_TOTAL) > 0) {
            return new Refused(new Refusals.TotalTooLarge(order.totalAmount(), MAX_TOTAL));
        }
        book(wish, order);
        return new Placed(order, false);
    }

    /** Undoes the last {@link #decide} that placed an order: it could not be written. */
    void giveBackLast() {
        PlaceOrder wish = sales.remove(sales.size() - 1).wish();
        wish.cart().lines().forEach(line -> count(wish.uid(), line.giftId(), -line.count()));
        if (wish.keyUse() != null) {
            placedByKey.remove(wish.keyUse());
        }
    }

    /** The new orders, in arrival order. */
    List<Sale> sales() {
        return Collections.unmodifiableList(sales);
    }

    /** What the new orders take of each gift, in id order. */
    List<Taking> takings() {
        return taken.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .map(entry -> new Taking(gift(entry.getKey()), entry.getValue()))
                .toList();
    }

    /** What the new orders take of gifts with a limit, by gift and buyer: one order for every transaction. */
    List<Purchase> purchases() {
        return bought.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.comparingByKey(Holding.LOCK_ORDER))
                .map(entry -> new Purchase(
                        entry.getKey(),
                        entry.getValue(),
                        Objects.requireNonNull(gift(entry.getKey().giftId()).limitPerUser())))
                .toList();
    }

    private @Nullable Order orderUnderKeyOf(PlaceOrder wish) {
        KeyUse use = wish.keyUse();
        if (use == null) {
            return null;
        }
        Order earlier = snapshot.ordersByKey().get(use);
        return earlier != null ? earlier : placedByKey.get(use);
    }

    private @Nullable Refusal refusal(long uid, Cart.Line line) {
        Gift gift = snapshot.gifts().get(line.giftId());
        if (gift == null) {
            return new UnknownGift(line.giftId());
        }
        if (gift.saleStartsAt() != null && snapshot.now().isBefore(gift.saleStartsAt())) {
            return Refusals.NotOnSale.notYet(gift);
        }
        if (gift.saleEndsAt() != null && !snapshot.now().isBefore(gift.saleEndsAt())) {
            return Refusals.NotOnSale.noMore(gift);
        }
        if (gift.limitPerUser() != null) {
            long has = has(new Holding(gift.id(), uid));
            if (has + line.count() > gift.limitPerUser()) {
                return new Refusals.LimitReached(line, gift.limitPerUser(), has);
            }
        }
        long available = gift.stock() - taken.getOrDefault(gift.id(), 0L);
        return available < line.count() ? new Refusals.OutOfStock(line, available) : null;
    }

    private long has(Holding holding) {
        return snapshot.holdings().getOrDefault(holding, 0L) + bought.getOrDefault(holding, 0L);
    }

    private List<OrderItem> items(Cart cart) {
        return cart.lines().stream()
                .map(line -> new OrderItem(
                        line.giftId(), line.count(), gift(line.giftId()).price()))
                .toList();
    }

    private void book(PlaceOrder wish, Order order) {
        sales.add(new Sale(wish, order));
        wish.cart().lines().forEach(line -> count(wish.uid(), line.giftId(), line.count()));
        if (wish.keyUse() != null) {
            placedByKey.put(wish.keyUse(), order);
        }
    }

    private void count(long uid, long giftId, int pieces) {
        taken.merge(giftId, (long) pieces, Long::sum);
        if (gift(giftId).limitPerUser() != null) {
            bought.merge(new Holding(giftId, uid), (long) pieces, Long::sum);
        }
    }

    private Gift gift(long giftId) {
        return Objects.requireNonNull(snapshot.gifts().get(giftId));
    }
}
