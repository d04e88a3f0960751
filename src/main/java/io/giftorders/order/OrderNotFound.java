package io.giftorders.order;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import org.springframework.http.HttpStatus;

/** 404: there is no such order, or it is somebody else's, which is not for the caller to know. */
public final class OrderNotFound extends Refusal {

    public OrderNotFound(long orderCode) {
        super(HttpStatus.NOT_FOUND, "order-not-found", Detail.of("order-not-found", orderCode));
    }
}
