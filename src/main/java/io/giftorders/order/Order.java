package io.giftorders.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * An order as it stands in the database.
 *
 * @param orderCode time-ordered; a string in JSON, because it is longer than a JavaScript number is exact
 * @param uid the buyer
 * @param totalCount pieces of all items
 * @param totalAmount yuan with two places
 * @param createdAt by the database's clock, to the microsecond
 * @param items in gift-id order
 */
public record Order(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long orderCode,
        long uid,
        int totalCount,
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal totalAmount,
        OrderStatus status,
        Instant createdAt,
        List<OrderItem> items) {

    public Order {
        items = List.copyOf(items);
    }

    /** A new order awaiting payment, its totals added up from its items. */
    public static Order of(long orderCode, long uid, Instant createdAt, List<OrderItem> items) {
        int totalCount = 0;
        BigDecimal totalAmount = BigDecimal.ZERO;
        for (OrderItem item : items) {
            totalCount += item.counts();
            totalAmount = totalAmount.add(item.amount());
        }
        return new Order(orderCode, uid, totalCount, totalAmount, OrderStatus.AWAITING_PAYMENT, createdAt, items);
    }

    /** Whether this order is what the cart asks for. */
    public boolean fills(Cart cart) {
        return cart.lines()
                .equals(items.stream()
                        .map(item -> new Cart.Line(item.goodsId(), item.counts()))
                        .toList());
    }
}
