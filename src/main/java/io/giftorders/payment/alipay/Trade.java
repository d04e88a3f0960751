package io.giftorders.payment.alipay;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A trade as Alipay has it.
 *
 * @param outTradeNo the shop's number
 * @param tradeNo Alipay's number; null only where there is no trade
 * @param totalAmount yuan; null only where there is no trade
 * @param paidAt when the buyer paid, where Alipay says so
 */
public record Trade(
        String outTradeNo,
        @Nullable String tradeNo,
        TradeState state,
        @Nullable BigDecimal totalAmount,
        @Nullable Instant paidAt) {}
