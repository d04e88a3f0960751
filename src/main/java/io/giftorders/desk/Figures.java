package io.giftorders.desk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A second of this instance, as the operator's charts show it. Rates are per second, to a tenth.
 *
 * @param at the end of the second
 * @param placed orders committed
 * @param replayed orders answered again under their key
 * @param refused answers refused, by the name of the problem; those that came most often
 * @param refusedInAll the same, of every name
 * @param conflicts transactions run again
 * @param batchSize orders in a transaction, on average; null where none was run
 * @param queue orders waiting for their transaction at the end of the second
 * @param waitMillis from an order's arrival to the start of its transaction, on average; null where none was run
 * @param answerMillis from an order's request to its answer 201, on average; null where there was none
 * @param slowestMillis the longest of these in the last minutes; null where there was none
 * @param watchers streams of events that are open
 * @param connections to the database, in use
 */
record Figures(
        Instant at,
        double placed,
        double replayed,
        Map<String, Double> refused,
        double refusedInAll,
        double conflicts,
        @Nullable Double batchSize,
        long queue,
        @Nullable Double waitMillis,
        @Nullable Double answerMillis,
        @Nullable Double slowestMillis,
        long watchers,
        long connections) {}
