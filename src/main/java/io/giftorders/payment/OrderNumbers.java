package io.giftorders.payment;

/** The number under which Alipay knows an order: its code, in decimal. */
final class OrderNumbers {

    private OrderNumbers() {}

    static String outTradeNo(long orderCode) {
        return Long.toString(orderCode);
    }

    /** The order's code, or -1 where the number is none of this shop's. */
    static long orderCode(String outTradeNo) {
        try {
            return outTradeNo.matches("[1-9][0-9]{0,18}") ? Long.parseLong(outTradeNo) : -1;
        } catch (NumberFormatException beyondLong) {
            return -1;
        }
    }
}
