package io.giftorders.payment.alipay;

/** What became of closing a trade. */
public enum CloseResult {
    /** Nobody can pay it any more. */
    CLOSED,
    /** There is no trade yet, so nothing was closed; a cashier page that is open can still be paid. */
    NO_SUCH_TRADE,
    /** The trade was not waiting for its buyer, who probably just paid: ask. */
    NOT_WAITING
}
