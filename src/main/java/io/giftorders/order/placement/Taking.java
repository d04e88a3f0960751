package io.giftorders.order.placement;

import io.giftorders.gift.Gift;

/**
 * What a batch takes of one gift.
 *
 * @param gift as the batch's transaction read it
 * @param count pieces, at least 1
 */
record Taking(Gift gift, long count) {}
