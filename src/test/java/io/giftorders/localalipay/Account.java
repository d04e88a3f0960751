package io.giftorders.localalipay;

/**
 * The seller.
 *
 * @param appId of the app the seller registered
 * @param sellerId of the account the money goes to
 */
record Account(String appId, String sellerId) {}
