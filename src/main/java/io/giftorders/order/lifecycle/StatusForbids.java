package io.giftorders.order.lifecycle;

import io.giftorders.order.Order;
import io.giftorders.problem.Refusal;
import org.springframework.http.HttpStatus;

/** 409: the order's status does not allow what is asked for. */
public final class StatusForbids extends Refusal {

    /** @param wish what was asked for, such as {@code shipped} */
    public StatusForbids(Order order, String wish) {
        super(
                HttpStatus.CONFLICT,
                "order-status",
                "Order " + order.orderCode() + " has status " + order.status().code() + " and cannot be " + wish + ".");
        fact("order_code", Long.toString(order.orderCode()));
        fact("order_status", order.status().code());
    }
}
