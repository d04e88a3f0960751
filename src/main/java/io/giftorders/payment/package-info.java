/**
 * Money for orders: pay links, what Alipay tells of payments, refunds, and whether its books agree with these. Knows orders;
 * how Alipay is spoken to is known to {@code payment.alipay} alone.
 */
@NullMarked
package io.giftorders.payment;

import org.jspecify.annotations.NullMarked;
