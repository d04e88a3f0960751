/**
 * The pipeline that places orders: concurrent orders share a transaction, stock is taken by conditional updates, and a
 * buyer is answered after COMMIT.
 */
@NullMarked
package io.giftorders.order.placement;

import org.jspecify.annotations.NullMarked;
