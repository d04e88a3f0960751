package io.giftorders.payment.alipay;

import org.jspecify.annotations.Nullable;

/** How far a trade is. */
public enum TradeState {
    /** Alipay knows no such trade: nobody has logged in at its cashier yet. Not final before the link expires. */
    NONE,
    /** WAIT_BUYER_PAY, and in a notify every status this service does not know: nothing is paid, nothing is over. */
    WAITING,
    /** TRADE_SUCCESS: paid, can be refunded. A part may have been refunded already. */
    PAID,
    /** TRADE_FINISHED: paid, and Alipay refunds it no more. */
    FINISHED,
    /** TRADE_CLOSED: never paid and over, or paid and refunded in full. */
    CLOSED;

    /** The state of a {@code trade_status}, or null for one that this service does not know. */
    static @Nullable TradeState of(String status) {
        return switch (status) {
            case "WAIT_BUYER_PAY" -> WAITING;
            case "TRADE_SUCCESS" -> PAID;
            case "TRADE_FINISHED" -> FINISHED;
            case "TRADE_CLOSED" -> CLOSED;
            default -> null;
        };
    }
}
