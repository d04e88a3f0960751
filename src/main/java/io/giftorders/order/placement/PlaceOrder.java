package io.giftorders.order.placement;

import io.giftorders.order.Cart;
import io.giftorders.order.IdempotencyKey;
import org.jspecify.annotations.Nullable;

/**
 * A buyer's wish.
 *
 * @param orderCode the code the order will have: made beforehand, so that a lost COMMIT can be looked up
 * @param key the client's name for it, or null
 */
record PlaceOrder(
        long orderCode, long uid, Cart cart, @Nullable IdempotencyKey key) {

    /** A buyer's use of a key. Two orders with the same one are the same order. */
    record KeyUse(long uid, IdempotencyKey key) {}

    @Nullable
    KeyUse keyUse() {
        return key == null ? null : new KeyUse(uid, key);
    }
}
