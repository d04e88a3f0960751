package io.giftorders.payment.alipay;

/**
 * Whose app and whose money.
 *
 * @param appId the app in Alipay's console
 * @param sellerId the merchant's account, 2088 and twelve more digits
 */
public record Account(String appId, String sellerId) {}
