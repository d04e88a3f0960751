package io.giftorders.payment.alipay;

import org.jspecify.annotations.Nullable;

/**
 * A verified notify. Its signature says that it is Alipay's, not that it is meant for this shop: app, seller, number and
 * amount are the caller's to check.
 *
 * @param notifyId the same in each repetition of one notify; for the log
 * @param refund whether it tells of a refund; then a paid state is no news of a payment
 * @param refundRequestNo which refund, where Alipay says so
 */
public record Notice(
        String notifyId,
        String appId,
        String sellerId,
        Trade trade,
        boolean refund,
        @Nullable String refundRequestNo) {}
