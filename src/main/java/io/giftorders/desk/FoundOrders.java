package io.giftorders.desk;

import io.giftorders.order.Order;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a search.
 *
 * @param orders newest first
 * @param next where the search goes on, or null where it has seen everything
 */
record FoundOrders(List<Order> orders, @Nullable String next) {

    FoundOrders {
        orders = List.copyOf(orders);
    }
}
