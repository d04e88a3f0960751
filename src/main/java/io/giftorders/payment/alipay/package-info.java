/**
 * What the shop says to Alipay and hears from it, in the shop's own records. The one package that uses Alipay's SDK and
 * the one that may block, on threads of its own. Knows neither orders nor payments.
 */
@NullMarked
package io.giftorders.payment.alipay;

import org.jspecify.annotations.NullMarked;
