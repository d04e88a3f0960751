package io.giftorders.order.placement;

import java.util.Comparator;

/**
 * Pieces of a gift with a limit that one buyer takes.
 *
 * @param count pieces, at least 1
 * @param limit pieces the buyer may have in all
 */
record Purchase(Holding holding, long count, int limit) {

    /** A buyer's share of one gift. */
    record Holding(long giftId, long uid) {

        /** The order in which every transaction touches holdings, so that no two of them can deadlock. */
        static final Comparator<Holding> LOCK_ORDER =
                Comparator.comparingLong(Holding::giftId).thenComparingLong(Holding::uid);
    }
}
