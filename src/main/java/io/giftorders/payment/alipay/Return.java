package io.giftorders.payment.alipay;

import java.math.BigDecimal;

/**
 * What a buyer's browser brings back from the cashier, verified. It proves nothing about payment: ask Alipay.
 *
 * @param totalAmount yuan
 */
public record Return(String appId, String sellerId, String outTradeNo, String tradeNo, BigDecimal totalAmount) {}
