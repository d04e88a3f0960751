package io.giftorders.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Several loads, one after the other, round after round and each time from another one on, so that whatever else the machine
 * does meets all of them; the median of the rounds counts.
 */
final class InTurn {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 7);

    /** The first is what the others are compared with. */
    private final List<Contender> contenders = new ArrayList<>();

    /** @param load measures it, given the seconds */
    private record Contender(String name, IntFunction<Row> load) {}

    /** @param load measures it, given the seconds */
    InTurn add(String name, IntFunction<Row> load) {
        contenders.add(new Contender(name, load));
        return this;
    }

    /**
     * Loads each for {@code bench.warm-up} seconds, then measures. Gives a table.
     *
     * @param loads what the loads have in common
     * @param seconds of each load
     */
    List<String> measure(String loads, int seconds) {
        round(0, Cluster.WARM_UP_SECONDS);
        List<List<Row>> rounds = IntStream.range(0, ROUNDS)
                .mapToObj(round -> round(round, seconds))
                .toList();
        List<String> table = new ArrayList<>(List.of(
                "| " + loads + ", median of " + ROUNDS + " rounds | a second | p99 ms | service µs/order "
                        + "| database µs/order | the first is, times |",
                "|---|---:|---:|---:|---:|---:|"));
        for (int i = 0; i < contenders.size(); i++) {
            table.add(row(i, rounds));
        }
        return table;
    }

    /** Loads all, beginning with one of them; the rows are in the contenders' order. */
    private List<Row> round(int first, int seconds) {
        Row[] rows = new Row[contenders.size()];
        for (int i = 0; i < rows.length; i++) {
            int turn = (first + i) % rows.length;
            rows[turn] = contenders.get(turn).load().apply(seconds);
        }
        return List.of(rows);
    }

    private String row(int contender, List<List<Row>> rounds) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.0f | %s | %s | %.2f |",
                contenders.get(contender).name(),
                median(rounds, round -> round.get(contender).perSecond()),
                median(rounds, round -> round.get(contender).p99()),
                Row.known(median(rounds, round -> round.get(contender).serviceMicros())),
                Row.known(median(rounds, round -> round.get(contender).databaseMicros())),
                median(
                        rounds,
                        round -> round.get(0).perSecond() / round.get(contender).perSecond()));
    }

    private static double median(List<List<Row>> rounds, ToDoubleFunction<List<Row>> value) {
        return Median.of(rounds.stream().map(value::applyAsDouble));
    }
}
