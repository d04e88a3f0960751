package io.giftorders.bench;

import java.util.List;
import java.util.stream.Stream;

final class Median {

    private Median() {}

    /** The middle one, or the mean of the two in the middle. Fails if there is none. */
    static double of(Stream<? extends Number> values) {
        List<Double> sorted = values.map(Number::doubleValue).sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
