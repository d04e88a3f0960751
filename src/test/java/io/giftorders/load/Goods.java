package io.giftorders.load;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * The gifts of one scenario, which nobody else sells: what they sold is what the scenario placed.
 *
 * @param gifts their ids
 * @param stock pieces of each when the run began
 * @param lines gifts in a cart, one piece of each
 */
record Goods(List<Long> gifts, long stock, int lines) {

    /** Pieces. The most the shop takes: it does not run out. */
    static final long PLENTY = 1_000_000_000;

    Goods {
        gifts = List.copyOf(gifts);
    }

    /** A cart as JSON, drawn at random. */
    String cart() {
        return ThreadLocalRandom.current()
                .ints(0, gifts.size())
                .distinct()
                .limit(lines)
                .mapToObj(index -> "\"" + gifts.get(index) + "\": 1")
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** @param pieces that were sold of all of them */
    long orders(long pieces) {
        return pieces / lines;
    }
}
