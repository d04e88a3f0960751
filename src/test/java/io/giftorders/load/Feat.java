package io.giftorders.load;

/** What buyers do beside ordering, to be counted. */
enum Feat {
    /** Sent an order again and again, and was told to stop by the harness. */
    GAVE_UP,
    /** The same key was answered with two orders. */
    TWO_ORDERS,
    /** Paid at the cashier. */
    PAID,
    /** Paid at the cashier, and the shop says so too. */
    PAYMENT_KNOWN,
    /** Ordered after the storm, patiently. */
    CAME_LATER,
    /** Ordered after the storm, and got an order at once. */
    SERVED_LATER
}
