package io.giftorders.order.lifecycle;

import io.giftorders.order.Order;
import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import org.springframework.http.HttpStatus;

/** 409: the order's status does not allow what is asked for. */
public final class StatusForbids extends Refusal {

    /** @param wish what was asked for, such as {@code order-status.shipped} */
    public StatusForbids(Order order, Detail wish) {
        super(
                HttpStatus.CONFLICT,
                "order-status",
                Detail.of("order-status", order.orderCode(), order.status().code(), wish));
        fact("order_code", Long.toString(order.orderCode()));
        fact("order_status", order.status().code());
    }
}
