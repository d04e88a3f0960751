package io.giftorders.payment.alipay;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * What a buyer is asked to pay.
 *
 * @param outTradeNo the shop's number of the trade, 1 to 64 letters, digits and underscores; amount and subject never
 *     change under it
 * @param totalAmount yuan, 0.01 to 100,000,000, at most two decimals
 * @param subject what the cashier shows; what Alipay forbids in it is left out
 * @param expiresAt from when on nobody can pay; Alipay wants it 1 minute to 15 days ahead and cuts it to whole seconds
 */
public record PayRequest(String outTradeNo, BigDecimal totalAmount, String subject, Instant expiresAt) {

    public PayRequest {
        Wire.requireNumber(outTradeNo);
        Wire.requireAmount(totalAmount);
    }
}
