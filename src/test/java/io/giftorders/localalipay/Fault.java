package io.giftorders.localalipay;

/** What can go wrong between Alipay and a seller. */
public enum Fault {
    /** An attempt to deliver is lost on the way; the repetitions follow. */
    NOTIFY_DROP,
    /** The notify is never sent. */
    NOTIFY_NEVER,
    /** The first attempt waits for the scope's duration. */
    NOTIFY_DELAY,
    /** The first attempt comes with as many copies as the scope says, all at once. */
    NOTIFY_DUPLICATE,
    /** The notify waits until the next one has been delivered. */
    NOTIFY_REORDER,
    /** The buyer is sent back only after the first attempt was answered. */
    NOTIFY_BEFORE_RETURN,
    /** An attempt carries a signature of something else. */
    NOTIFY_BAD_SIGNATURE,
    /** An attempt names a cent too much, signed. */
    NOTIFY_WRONG_AMOUNT,
    /** An attempt names another app, signed. */
    NOTIFY_WRONG_APP,
    /** An attempt names another seller, signed. */
    NOTIFY_WRONG_SELLER,
    /** The notify comes in GBK. */
    NOTIFY_GBK,
    /** Partial refunds are notified too: {@code TRADE_SUCCESS} with a {@code refund_fee}. */
    PARTIAL_REFUND_NOTICES,
    /** Closing, expiry and full refunds are notified too: {@code TRADE_CLOSED}. */
    CLOSE_NOTICES,
    /** The work is done at once, the answer comes after the scope's duration. */
    GATEWAY_DELAY,
    /** The work is done, the answer comes at a byte in 100 ms. */
    GATEWAY_DRIP,
    /** The connection ends before anything is done. */
    GATEWAY_RESET,
    /** Nothing is done; a status 500. */
    GATEWAY_HTTP_500,
    /** Nothing is done; a page of HTML with status 200. */
    GATEWAY_HTML,
    /** The work is done, the connection ends without an answer. */
    GATEWAY_ANSWER_LOST,
    /** The work is done, the answer is 20000, unknown. */
    GATEWAY_UNKNOWN,
    /** Nothing is done; the scope's {@code sub_code} without a signature. */
    GATEWAY_UNSIGNED_FAILURE,
    /** Nothing is done; the scope's {@code sub_code}, signed. */
    GATEWAY_SIGNED_FAILURE,
    /** The work is done; before the signed node stands a forged one that says the contrary. */
    GATEWAY_EXTRA_ROOT_OBJECT,
    /** Nothing is done; 40005. */
    GATEWAY_RATE_LIMIT,
    /** The work is done; the answer's signature belongs to something else. */
    GATEWAY_BAD_SIGNATURE
}
