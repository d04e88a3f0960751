package io.giftorders.faults;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/** Which seeds are run: {@code -Dgift-orders.fault-seeds=7}, {@code 1..20} or {@code 3,5,8..9}; one is drawn unless told. */
final class Seeds {

    static final String PROPERTY = "gift-orders.fault-seeds";

    /** Short enough to be typed. */
    private static final long LARGEST_DRAWN = 1_000_000;

    private Seeds() {}

    static LongStream asked() {
        String seeds = System.getProperty(PROPERTY, "");
        return seeds.isBlank() ? LongStream.of(1 + ThreadLocalRandom.current().nextLong(LARGEST_DRAWN)) : read(seeds);
    }

    static LongStream read(String seeds) {
        return Arrays.stream(seeds.split(",")).map(String::strip).flatMapToLong(Seeds::range);
    }

    private static LongStream range(String range) {
        String[] ends = range.split("\\.\\.", 2);
        return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
    }
}
