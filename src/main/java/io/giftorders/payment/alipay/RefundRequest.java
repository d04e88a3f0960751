package io.giftorders.payment.alipay;

import java.math.BigDecimal;

/**
 * Money that goes back.
 *
 * @param tradeNo Alipay's number of the trade
 * @param outRequestNo the shop's number of this refund, 1 to 64 letters, digits and underscores; with the same amount it
 *     can be repeated and refunds once
 * @param amount yuan, at most two decimals
 * @param reason what the buyer reads
 */
public record RefundRequest(String tradeNo, String outRequestNo, BigDecimal amount, String reason) {

    public RefundRequest {
        Wire.requireNumber(outRequestNo);
        Wire.requireAmount(amount);
    }
}
