package io.giftorders.payment.alipay;

/** What the cashier shows, without what Alipay refuses or what would break the signature on the way. */
final class Subject {

    /** Quoted: parameter subject of alipay.trade.page.pay. */
    private static final int MAX_CHARACTERS = 256;

    private Subject() {}

    /**
     * The subject without {@code / = &}, which Alipay forbids; and without control characters, and characters beyond the
     * basic plane such as emoji, which a notify in GBK cannot carry. The number stands in for a subject of nothing else.
     */
    static String of(PayRequest pay) {
        String allowed = pay.subject()
                .codePoints()
                .filter(Character::isBmpCodePoint)
                .map(character -> isForbidden(character) ? ' ' : character)
                .limit(MAX_CHARACTERS)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return allowed.isEmpty() ? pay.outTradeNo() : allowed;
    }

    private static boolean isForbidden(int character) {
        return "/=&".indexOf(character) >= 0
                || Character.isISOControl(character)
                || Character.getType(character) == Character.SURROGATE;
    }
}
