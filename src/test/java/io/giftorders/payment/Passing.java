package io.giftorders.payment;

import io.giftorders.shop.Shop;

/** The passing of time, in the books: what is due is so at once. */
final class Passing {

    private static final String EXPIRE = """
            UPDATE orders SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE, due_at = UTC_TIMESTAMP(6) WHERE status = 1
            """;

    private Passing() {}

    /** Every unpaid order's time to be paid is over. */
    static void expire(Shop shop) {
        shop.sql(EXPIRE);
    }

    /** An unpaid order's time to be paid is over. At Alipay it is not. */
    static void expire(Shop shop, String order) {
        shop.sql(EXPIRE + " AND order_code = " + order);
    }

    /** An order is due. */
    static void lookNow(Shop shop, String order) {
        shop.sql("UPDATE orders SET due_at = UTC_TIMESTAMP(6) WHERE order_code = " + order);
    }
}
