package io.giftorders.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a load heard.
 *
 * @param seconds how long it lasted
 * @param created answers 201
 * @param declined answers 409
 * @param unavailable answers 503
 * @param other other answers
 * @param failures connections that could not be opened, read or written
 * @param timeouts answers that took longer than 2 s
 * @param p50 median time to an answer, milliseconds
 * @param p99 milliseconds
 */
record Answers(
        double seconds,
        long created,
        long declined,
        long unavailable,
        long other,
        long failures,
        long timeouts,
        double p50,
        double p99) {

    /** Reads the script's line of numbers. */
    static Answers read(String line) {
        String[] words = line.split(" ", -1);
        return new Answers(
                Double.parseDouble(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]),
                Long.parseLong(words[6]),
                Long.parseLong(words[7]),
                Double.parseDouble(words[8]),
                Double.parseDouble(words[9]));
    }

    /** What several loads at the same time heard together; their percentiles are the worst of them. */
    static Answers together(List<Answers> all) {
        return all.stream()
                .reduce((one, two) -> new Answers(
                        Math.max(one.seconds, two.seconds),
                        one.created + two.created,
                        one.declined + two.declined,
                        one.unavailable + two.unavailable,
                        one.other + two.other,
                        one.failures + two.failures,
                        one.timeouts + two.timeouts,
                        Math.max(one.p50, two.p50),
                        Math.max(one.p99, two.p99)))
                .orElseThrow();
    }

    double answersPerSecond() {
        return Stream.of(created, declined, unavailable, other)
                        .mapToLong(Long::longValue)
                        .sum()
                / seconds;
    }

    double createdPerSecond() {
        return created / seconds;
    }
}
