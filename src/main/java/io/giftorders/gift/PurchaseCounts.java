package io.giftorders.gift;

import reactor.core.publisher.Mono;

/**
 * The count of pieces each buyer has of a gift, kept only while the gift has a limit per buyer. What buyers have is known
 * to the orders, which this package does not know: they implement it.
 */
public interface PurchaseCounts {

    /** Counts from the orders there are. Called inside the transaction that sets a limit, the gift's row locked. */
    Mono<Void> start(long giftId);

    /** Drops the counts. Called inside the transaction that lifts the limit, the gift's row locked. */
    Mono<Void> stop(long giftId);
}
