package io.giftorders.localalipay;

import java.math.BigDecimal;
import java.util.Map;

/**
 * A trade as Alipay keeps it.
 *
 * @param status {@code WAIT_BUYER_PAY}, {@code TRADE_SUCCESS}, {@code TRADE_FINISHED} or {@code TRADE_CLOSED}
 * @param refunded yuan that went back to the buyer, of all refunds
 * @param refunds yuan by {@code out_request_no}, in the order they came
 */
public record TradeView(
        String tradeNo,
        String outTradeNo,
        String status,
        BigDecimal totalAmount,
        BigDecimal refunded,
        Map<String, BigDecimal> refunds) {

    /** Whether the seller was ever paid; true also of what was refunded since. */
    public boolean paid() {
        return status.equals("TRADE_SUCCESS") || status.equals("TRADE_FINISHED") || refunded.signum() > 0;
    }
}
