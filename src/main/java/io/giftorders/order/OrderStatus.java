package io.giftorders.order;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Where an order stands. The codes are those of the shop's data model. */
public enum OrderStatus {
    AWAITING_PAYMENT(1),
    AWAITING_SHIPMENT(2),
    AWAITING_RECEIPT(3);

    private final int code;

    OrderStatus(int code) {
        this.code = code;
    }

    /** The number in {@code orders.status} and in JSON. */
    @JsonValue
    public int code() {
        return code;
    }

    static OrderStatus of(int code) {
        return Arrays.stream(values())
                .filter(status -> status.code == code)
                .findAny()
                .orElseThrow(() -> new IllegalStateException("unknown order status " + code));
    }
}
