/**
 * The rest of an order's life: paid, shipped, received, closed, refunded, and what each does to the stock. Knows that orders
 * are paid, but not how: {@link io.giftorders.order.lifecycle.Payments} is what payment must do for it.
 */
@NullMarked
package io.giftorders.order.lifecycle;

import org.jspecify.annotations.NullMarked;
