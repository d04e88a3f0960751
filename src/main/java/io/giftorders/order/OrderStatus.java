package io.giftorders.order;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** Where an order stands. The codes 1 to 3 are those of the shop's data model; 4 to 6 finish an order's life. */
public enum OrderStatus {
    AWAITING_PAYMENT(1),
    AWAITING_SHIPMENT(2),
    AWAITING_RECEIPT(3),
    COMPLETED(4),
    /** Never paid; its pieces are in the stock again. */
    CLOSED(5),
    /** Every piece is paid back. */
    REFUNDED(6);

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
