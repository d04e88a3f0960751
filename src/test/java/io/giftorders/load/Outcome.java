package io.giftorders.load;

import java.time.Duration;
import java.util.Map;

/**
 * What one scenario came to.
 *
 * @param orders that buyers wanted, however often each was sent
 * @param answers how many of which status and problem
 * @param unusual those of them that are neither an order, nor 409 with its reason, nor 503 with Retry-After
 * @param acknowledged orders the shop promised
 * @param placed orders in the database
 * @param pieces on sale when the run began
 * @param sold pieces the database has as sold
 * @param lasted from the first order to the last answer
 * @param feats what else buyers did, by name
 */
record Outcome(
        LoadScenario scenario,
        long orders,
        Map<String, Long> answers,
        Map<String, Long> unusual,
        long acknowledged,
        long placed,
        long pieces,
        long sold,
        Duration lasted,
        Map<Feat, Long> feats) {

    long count(Feat feat) {
        return feats.getOrDefault(feat, 0L);
    }

    /** Orders in the database a second. */
    long ordersPerSecond() {
        return Math.round(placed / Math.max(0.001, lasted.toMillis() / 1_000.0));
    }
}
