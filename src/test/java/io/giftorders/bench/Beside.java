package io.giftorders.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The service beside others and beside itself without a database. They are loaded in turn, round after round, so that
 * whatever else the machine does meets all of them; of each, the median of its rounds counts.
 */
final class Beside {

    private static final int ROUNDS = Integer.getInteger("bench.rounds", 7);

    private static final int CONNECTIONS = 256;

    /** What is measured, by name, given the seconds of its load. The first is what the others are compared with. */
    private final Map<String, IntFunction<Row>> contenders = new LinkedHashMap<>();

    Beside(Cluster service, List<Peer> peers) {
        Load hot = Load.hotGift(CONNECTIONS);
        add(service, "one hot gift", hot);
        add(service, "one of 1,000 gifts", hot.withGifts(1_000));
        add(service, "three of 1,000 gifts", hot.withGifts(1_000).withLines(3));
        add(service, "no database", hot.withoutDatabase());
        peers.forEach(peer -> contenders.put(peer.name(), seconds -> peer.measure(CONNECTIONS, seconds)));
        service.warmUp(hot.withoutDatabase());
        peers.forEach(Peer::warmUp);
    }

    private void add(Cluster service, String name, Load load) {
        contenders.put(name, seconds -> service.measure(name, CONNECTIONS, load, seconds));
    }

    /** Gives a table. */
    List<String> measure(int seconds) {
        Map<String, List<Row>> rounds = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            contenders.forEach((name, contender) ->
                    rounds.computeIfAbsent(name, none -> new ArrayList<>()).add(contender.apply(seconds)));
        }
        List<Row> medians = rounds.values().stream().map(Beside::median).toList();
        List<String> table = new ArrayList<>(List.of(
                "| " + CONNECTIONS + " connections, median of " + ROUNDS
                        + " rounds | a second | p99 ms | service µs/order "
                        + "| database µs/order | one hot gift is, times |",
                "|---|---:|---:|---:|---:|---:|"));
        medians.forEach(row -> table.add(row(row, medians.get(0))));
        return table;
    }

    private static Row median(List<Row> rows) {
        return rows.stream()
                .sorted(Comparator.comparingDouble(Row::perSecond))
                .toList()
                .get(rows.size() / 2);
    }

    private static String row(Row row, Row first) {
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.0f | %s | %s | %.2f |",
                row.series(),
                row.perSecond(),
                row.p99(),
                Row.known(row.serviceMicros()),
                Row.known(row.databaseMicros()),
                first.perSecond() / row.perSecond());
    }
}
