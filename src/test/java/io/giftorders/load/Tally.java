package io.giftorders.load;

import io.giftorders.recording.OrderAnswer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts what the buyers of one scenario were told. Any number of threads may use it. */
final class Tally {

    /** Chosen: no answer is waited for longer. */
    private static final int LONGEST_MILLIS = 60_000;

    private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> unusual = new ConcurrentHashMap<>();
    private final AtomicLongArray millis = new AtomicLongArray(LONGEST_MILLIS + 1);
    private final AtomicLong first = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);
    private final LongAdder orders = new LongAdder();

    /** A buyer sends an order for the first time. */
    void sent() {
        orders.increment();
        first.accumulateAndGet(System.nanoTime(), Math::min);
    }

    /**
     * @param after response time in milliseconds
     * @param retryAfter whether the answer says when to come back
     */
    void heard(OrderAnswer answer, int after, boolean retryAfter) {
        last.accumulateAndGet(System.nanoTime(), Math::max);
        count(answers, name(answer));
        if (answer.acknowledged()) {
            acknowledged.add(answer.orderCode());
            millis.incrementAndGet(Math.max(0, Math.min(after, LONGEST_MILLIS)));
        } else if (answer.heard() && !answer.declined() && !(answer.putOff() && retryAfter)) {
            count(unusual, name(answer));
        }
    }

    private static void count(Map<String, LongAdder> counts, String name) {
        counts.computeIfAbsent(name, missing -> new LongAdder()).increment();
    }

    private static String name(OrderAnswer answer) {
        return answer.heard() ? (answer.status() + " " + answer.problem()).strip() : "no answer";
    }

    /** Orders that buyers wanted, however often each was sent. */
    long orders() {
        return orders.sum();
    }

    /** How many answers of which status and problem. */
    Map<String, Long> answers() {
        return sums(answers);
    }

    /** Answers that are neither an order, nor a 409 with its reason, nor a 503 that says when to come back. */
    Map<String, Long> unusual() {
        return sums(unusual);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, count -> count.getValue().sum(), Long::sum, TreeMap::new));
    }

    /** Orders that the shop promised, each counted once. */
    long acknowledged() {
        return acknowledged.size();
    }

    /** From the first order that was sent to the last answer. */
    Duration lasted() {
        return Duration.ofNanos(Math.max(0, last.get() - first.get()));
    }

    /**
     * Response time that a share of the acknowledged answers did not exceed, in milliseconds; 0 if there were none.
     *
     * @param share above 0, at most 1
     */
    int percentile(double share) {
        long all = 0;
        for (int value = 0; value <= LONGEST_MILLIS; value++) {
            all += millis.get(value);
        }
        long wanted = (long) Math.ceil(all * share);
        long seen = 0;
        for (int value = 0; value <= LONGEST_MILLIS; value++) {
            seen += millis.get(value);
            if (seen >= wanted) {
                return value;
            }
        }
        return LONGEST_MILLIS;
    }
}
