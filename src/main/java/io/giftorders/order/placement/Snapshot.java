package io.giftorders.order.placement;

import io.giftorders.gift.Gift;
import io.giftorders.order.Order;
import io.giftorders.order.placement.PlaceOrder.KeyUse;
import java.time.Instant;
import java.util.Map;

/**
 * What a batch's transaction read before it decided.
 *
 * @param now by the database's clock
 * @param gifts by id; an unknown gift is absent
 * @param holdings pieces buyers already have of gifts with a limit; absent where none
 * @param ordersByKey orders placed earlier under the batch's idempotency keys
 */
record Snapshot(
        Instant now, Map<Long, Gift> gifts, Map<Purchase.Holding, Long> holdings, Map<KeyUse, Order> ordersByKey) {}
