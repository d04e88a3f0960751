package io.giftorders.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An order as it stands in the database.
 *
 * @param orderCode time-ordered; a string in JSON, because it is longer than a JavaScript number is exact
 * @param uid the buyer
 * @param totalCount pieces of all items
 * @param totalAmount yuan with two places
 * @param createdAt by the database's clock, to the microsecond
 * @param expiresAt until when it can be paid, a whole second
 * @param payLinkAt since when somebody may be paying, or null: no pay link was ever given
 * @param closingAt since when no pay link is given any more, or null
 * @param paidAt by Alipay's clock, or null
 * @param shippedAt or null
 * @param items in gift-id order
 */
public record Order(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long orderCode,
        long uid,
        int totalCount,
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal totalAmount,
        OrderStatus status,
        Instant createdAt,
        Instant expiresAt,
        @JsonIgnore @Nullable Instant payLinkAt,
        @Nullable Instant closingAt,
        @Nullable Instant paidAt,
        @Nullable Instant shippedAt,
        List<OrderItem> items) {

    public Order {
        items = List.copyOf(items);
    }

    /**
     * A new order awaiting payment, its totals added up from its items.
     *
     * @param payWithin how long it can be paid at the least; Alipay counts whole seconds, so the last one is filled up
     */
    public static Order of(long orderCode, long uid, Instant createdAt, Duration payWithin, List<OrderItem> items) {
        int totalCount = 0;
        BigDecimal totalAmount = BigDecimal.ZERO;
        for (OrderItem item : items) {
            totalCount += item.counts();
            totalAmount = totalAmount.add(item.amount());
        }
        Instant expiresAt = createdAt.plus(payWithin).plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
        return new Order(
                orderCode,
                uid,
                totalCount,
                totalAmount,
                OrderStatus.AWAITING_PAYMENT,
                createdAt,
                expiresAt,
                null,
                null,
                null,
                null,
                items);
    }

    /** The same order with these items. */
    Order with(List<OrderItem> all) {
        return new Order(
                orderCode,
                uid,
                totalCount,
                totalAmount,
                status,
                createdAt,
                expiresAt,
                payLinkAt,
                closingAt,
                paidAt,
                shippedAt,
                all);
    }

    /** Whether this order is what the cart asks for. */
    public boolean fills(Cart cart) {
        return cart.lines()
                .equals(items.stream()
                        .map(item -> new Cart.Line(item.goodsId(), item.counts()))
                        .toList());
    }
}
