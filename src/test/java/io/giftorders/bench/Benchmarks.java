package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Measures the packaged service on this machine, which service, database and load share, and draws what it found.
 *
 * <p>Set by system properties, which the README's section "Benchmarks" lists.
 */
public final class Benchmarks {

    private static final int SECONDS = Integer.getInteger("bench.seconds", 8);

    private static final List<String> SUITES =
            List.of(System.getProperty("bench.suites", "connections,gifts,instances,guards")
                    .split(",", -1));

    private static final Path RESULTS = Path.of("target", "benchmarks");

    private static final List<Integer> CONNECTIONS = List.of(1, 16, 64, 256, 1024);

    private static final Map<String, String> NO_EXPIRY = Map.of("GIFT_ORDERS_PLACEMENT_PAY_WITHIN", "1d");

    /** Empty: not set. */
    private static final List<String> LANES = List.of("1", "2", "");

    private final TestDatabase server;
    private int databases;

    private Benchmarks(TestDatabase server) {
        this.server = server;
    }

    public static void main(String[] arguments) {
        Peer.NAMED.forEach(Peer::probe);
        Program.run("bench-database", server -> SUITES.forEach(new Benchmarks(server)::run));
    }

    private void run(String suite) {
        switch (suite) {
            case "connections" -> report(suite, "connections, one hot gift, a key on every order", connections());
            case "beside" -> beside();
            case "lanes" -> lanes();
            case "gifts" -> report(suite, "gifts to choose from, 256 connections", gifts());
            case "instances" -> report(suite, "instances on one database, one hot gift, 256 connections", instances());
            case "guards" -> report(suite, "instances on one database, one hot gift, 256 connections", guards());
            case "overload" -> table(suite, holding().overload());
            case "idle" -> table(suite, holding().idle());
            case "soak" -> soak();
            case "two" -> table(suite, holding().two());
            case "collectors" -> report(suite, "gifts to choose from, 256 connections", collectors());
            case "watchers" -> watchers();
            case "start" -> starts();
            case "warming" -> table(suite, new Warming(server, server.url("bench_" + ++databases)).measure());
            default -> throw new IllegalArgumentException("bench.suites has no " + suite);
        }
    }

    private Holding holding() {
        return new Holding(this::small, SECONDS);
    }

    /** With the memory that is promised to be enough. */
    private Cluster small(int instances, Map<String, String> settings, Duration databaseAway) {
        return new Cluster(
                server, "bench_" + ++databases, instances, settings, databaseAway, "-Xmx512m", "-XX:+UseParallelGC");
    }

    private void soak() {
        Holding.Soak soak = holding().soak();
        table("soak", soak.table());
        if (!soak.grown().isEmpty()) {
            throw new IllegalStateException("after the soak " + String.join("; ", soak.grown()));
        }
    }

    private List<Row> connections() {
        List<Row> rows = new ArrayList<>();
        try (Cluster one = cluster(1, Map.of())) {
            for (int connections : CONNECTIONS) {
                rows.add(one.measure("this service", connections, Load.hotGift(connections), SECONDS));
            }
            for (int connections : CONNECTIONS) {
                rows.add(one.measure(
                        "no database", connections, Load.hotGift(connections).withoutDatabase(), SECONDS));
            }
            int best = (int) rows.stream()
                    .filter(row -> row.series().equals("this service"))
                    .mapToDouble(Row::perSecond)
                    .max()
                    .orElseThrow();
            rows.add(one.measure("half its best", 256, Load.hotGift(256).atRate(best / 2), SECONDS));
        }
        Peer.NAMED.forEach(peer -> {
            peer.warmUp();
            for (int connections : List.of(64, 256)) {
                rows.add(peer.measure(connections, SECONDS));
            }
        });
        return rows;
    }

    private void beside() {
        try (Cluster one = cluster(1, NO_EXPIRY)) {
            Load hot = Load.hotGift(256);
            InTurn all = new InTurn()
                    .add("one hot gift", load(one, hot))
                    .add("one of 1,000 gifts", load(one, hot.withGifts(1_000)))
                    .add("three of 1,000 gifts", load(one, hot.withGifts(1_000).withLines(3)))
                    .add("no database", load(one, hot.withoutDatabase()));
            Peer.NAMED.forEach(peer -> all.add(peer.name(), seconds -> peer.measure(256, seconds)));
            table("beside", all.measure("256 connections", SECONDS));
        }
    }

    /** One lane, two, and as many as the load decides on. */
    private void lanes() {
        List<String> table = new ArrayList<>();
        for (Duration away : List.of(Duration.ZERO, Holding.NEXT_ROOM)) {
            List<Cluster> clusters = new ArrayList<>();
            try {
                for (String lanes : LANES) {
                    Map<String, String> settings = new HashMap<>(NO_EXPIRY);
                    settings.put("GIFT_ORDERS_PLACEMENT_LANES", lanes);
                    clusters.add(small(1, settings, away));
                }
                for (int connections : List.of(64, 256)) {
                    InTurn all = new InTurn();
                    for (int i = 0; i < clusters.size(); i++) {
                        String name = LANES.get(i).isEmpty() ? "lanes not set" : "lanes " + LANES.get(i);
                        all.add(name, load(clusters.get(i), Load.hotGift(connections)));
                    }
                    String loads = connections + " connections, database " + away.toMillis() + " ms away";
                    table.addAll(all.measure(loads, SECONDS));
                    table.add("");
                }
            } finally {
                clusters.forEach(Cluster::close);
            }
        }
        table("lanes", table);
    }

    private static IntFunction<Row> load(Cluster cluster, Load load) {
        return seconds -> cluster.measure("", load.connections(), load, seconds);
    }

    private List<Row> gifts() {
        List<Row> rows = new ArrayList<>();
        try (Cluster one = cluster(1, Map.of())) {
            Load load = Load.hotGift(256);
            for (int gifts : List.of(1, 10, 100, 1_000)) {
                rows.add(one.measure("one gift an order", gifts, load.withGifts(gifts), SECONDS));
            }
            for (int gifts : List.of(10, 100, 1_000)) {
                rows.add(one.measure(
                        "three gifts an order", gifts, load.withGifts(gifts).withLines(3), SECONDS));
            }
        }
        return rows;
    }

    private List<Row> instances() {
        List<Row> rows = new ArrayList<>();
        for (int instances : List.of(1, 2, 4)) {
            try (Cluster some = cluster(instances, Map.of())) {
                rows.add(some.measure("one hot gift", instances, Load.hotGift(256), SECONDS));
                rows.add(
                        some.measure("1,000 gifts", instances, Load.hotGift(256).withGifts(1_000), SECONDS));
            }
        }
        return rows;
    }

    private List<Row> guards() {
        List<Row> rows = new ArrayList<>();
        for (String guard : List.of("at-least", "unchanged", "locked")) {
            for (int instances : List.of(1, 2)) {
                try (Cluster some = cluster(instances, Map.of("GIFT_ORDERS_PLACEMENT_STOCK_UPDATE", guard))) {
                    rows.add(some.measure(guard, instances, Load.hotGift(256), SECONDS));
                }
            }
        }
        return rows;
    }

    private List<Row> collectors() {
        List<Row> rows = new ArrayList<>();
        for (String collector : List.of("Parallel", "G1", "Serial")) {
            String option = "-XX:+Use" + collector + "GC";
            try (Cluster one = cluster(1, Map.of(), "-Xmx1g", option)) {
                for (int gifts : List.of(1, 1_000)) {
                    rows.add(one.measure(collector, gifts, Load.hotGift(256).withGifts(gifts), SECONDS));
                }
            }
        }
        return rows;
    }

    private void watchers() {
        try (Cluster one = cluster(1, Map.of())) {
            table("watchers", new Watching(one).measure());
        }
    }

    private void starts() {
        List<String> table = new Starts(server, server.url("bench_" + ++databases)).measure();
        write("start.md", String.join("\n", table) + "\n");
    }

    private Cluster cluster(int instances, Map<String, String> settings) {
        return cluster(instances, settings, "-Xmx1g", "-XX:+UseParallelGC");
    }

    /** @param options the JVM's */
    private Cluster cluster(int instances, Map<String, String> settings, String... options) {
        return new Cluster(server, "bench_" + ++databases, instances, settings, Duration.ZERO, options);
    }

    private static void report(String suite, String loads, List<Row> rows) {
        List<String> table = new ArrayList<>(List.of(
                "| | " + loads + " | orders/s | p50 ms | p99 ms | service µs/order | database µs/order |",
                "|---|---:|---:|---:|---:|---:|---:|"));
        rows.forEach(row -> table.add(row.markdown()));
        List<String> csv = new ArrayList<>(List.of(Row.CSV_HEADER));
        rows.forEach(row -> csv.add(row.csv()));
        write(suite + ".md", String.join("\n", table) + "\n");
        write(suite + ".csv", String.join("\n", csv) + "\n");
        write(suite + "-orders.svg", Chart.svg("orders a second", loads, rows, Row::perSecond));
        write(suite + "-p99.svg", Chart.logarithmic("p99, milliseconds, logarithmic", loads, rows, Row::p99));
        System.out.println(String.join("\n", table));
    }

    private static void table(String suite, List<String> table) {
        write(suite + ".md", String.join("\n", table) + "\n");
        System.out.println(String.join("\n", table));
    }

    private static void write(String name, String text) {
        try {
            Files.createDirectories(RESULTS);
            Files.writeString(RESULTS.resolve(name), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
