package io.giftorders.localalipay;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A line of a day's bill.
 *
 * @param amount yuan, positive for refunds too
 * @param outRequestNo of a refund; empty for a payment
 * @param createdAt when the trade was made
 * @param completedAt when the money moved
 */
public record BillLine(
        Kind kind,
        String tradeNo,
        String outTradeNo,
        String subject,
        BigDecimal amount,
        String outRequestNo,
        Instant createdAt,
        Instant completedAt) {

    public BillLine withAmount(BigDecimal other) {
        return new BillLine(kind, tradeNo, outTradeNo, subject, other, outRequestNo, createdAt, completedAt);
    }

    public enum Kind {
        PAYMENT,
        REFUND
    }
}
