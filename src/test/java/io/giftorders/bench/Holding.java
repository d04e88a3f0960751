package io.giftorders.bench;

import io.giftorders.server.SlowClients;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** What the service does when it is asked for too much, for too long, or by clients that do not go on. */
final class Holding {

    /** Seconds of each overload; {@code bench.overload-seconds}. */
    private static final int OVERLOAD_SECONDS = Integer.getInteger("bench.overload-seconds", 60);

    /** Minutes of the soak; {@code bench.soak-minutes}. */
    private static final int SOAK_MINUTES = Integer.getInteger("bench.soak-minutes", 60);

    /** Chosen: rows enough to see a trend. */
    private static final int SOAK_ROWS = 12;

    /** Megabytes. Chosen: what a collection leaves differs by some; three bytes an order are more in an hour. */
    private static final int HEAP_MAY_VARY = 12;

    /** Chosen: pools start a thread when they first need it. */
    private static final int THREADS_MAY_VARY = 8;

    /**
     * Connections at the least. Chosen: buyers who wait do not come again meanwhile, so there must be many more connections
     * than the orders of a second, which may wait, or nobody is too many. Needs {@code ulimit -n} above it for the
     * service and for wrk.
     */
    private static final int CROWD = 2_000;

    private static final int CROWD_OF_A_SECOND = 4;

    /** Chosen: a database that is not on the service's machine; with four answers a transaction it is what takes the time. */
    static final Duration NEXT_ROOM = Duration.ofMillis(2);

    private static final int IDLE = 9_000;
    private static final int SLOW = 1_000;
    private static final int HANG_UPS = 500;

    private final Clusters clusters;
    private final int seconds;

    Holding(Clusters clusters, int seconds) {
        this.clusters = clusters;
        this.seconds = seconds;
    }

    /**
     * The way to the database bounds the orders here, with a few in a transaction. On one machine a load generator cannot
     * send ten times what whole batches give, and what it sends would take the processor from the database.
     */
    List<String> overload() {
        List<String> table =
                table("demand", "orders/s", "503/s", "201 p99 ms", "503 p99 ms", "heap MB", "load average");
        try (Cluster one = clusters.open(1, Map.of("GIFT_ORDERS_PLACEMENT_MAX_BATCH", "8"), NEXT_ROOM)) {
            ServiceProcess service = one.instances().get(0);
            Row best = one.measure("best", 1, Load.hotGift(32), seconds);
            table.add(line("what it can", best.perSecond(), best.unavailable(), best.p99(), Double.NaN, heap(service)));
            int crowd = Math.max(CROWD, (int) (CROWD_OF_A_SECOND * best.perSecond()));
            for (int times : List.of(2, 5, 10)) {
                Load load = Load.hotGift(crowd).atRate((int) (times * best.perSecond()));
                try (Probe probe = new Probe(service.address())) {
                    Row row = one.measure("times", times, load, OVERLOAD_SECONDS);
                    double placed = row.perSecond() + probe.count(201) / (double) OVERLOAD_SECONDS;
                    table.add(line(
                            times + " times that",
                            placed,
                            row.unavailable(),
                            probe.p99(201),
                            probe.p99(503),
                            heap(service)));
                }
            }
            best = one.measure("best", 1, Load.hotGift(32), seconds);
            table.add(line("after it", best.perSecond(), best.unavailable(), best.p99(), Double.NaN, heap(service)));
        }
        return table;
    }

    /** Slow ones send a byte of their request every second. */
    List<String> idle() {
        List<String> table = table("open connections beside 64", "orders/s", "p99 ms", "heap MB", "load average");
        Map<String, String> patient = Map.of("GIFT_ORDERS_REQUEST_TIMEOUT", "5m");
        try (Cluster one = clusters.open(1, patient)) {
            ServiceProcess service = one.instances().get(0);
            Load load = Load.hotGift(64);
            Row alone = one.measure("alone", 0, load, seconds);
            table.add(line("none", alone.perSecond(), alone.p99(), heap(service)));
            URI address = URI.create(service.address());
            try (SlowClients idle = new SlowClients(address);
                    SlowClients slow = new SlowClients(address)) {
                idle.open(IDLE, "");
                slow.open(SLOW, "POST /orders HTTP/1.1\r\nHost: shop\r\nX-Drip: ");
                Disposable dripping = Flux.interval(Duration.ofSeconds(1), Schedulers.single())
                        .onBackpressureDrop()
                        .subscribe(second -> slow.send("x"));
                Row beside = one.measure("beside", IDLE + SLOW, load, seconds);
                double heap = heap(service);
                dripping.dispose();
                table.add(line(
                        idle.stillOpen() + " idle, " + slow.stillOpen() + " slow",
                        beside.perSecond(),
                        beside.p99(),
                        heap));
            }
        }
        return table;
    }

    /** Between the rows, buyers send an order, or the better part of one, and hang up at once. */
    Soak soak() {
        List<String> table =
                table("minute", "orders/s", "201 p99 ms", "heap MB", "threads", "in use", "queue", "load average");
        List<Vitals> all = new ArrayList<>();
        try (Cluster one = clusters.open(1, Map.of())) {
            ServiceProcess service = one.instances().get(0);
            int half = (int) one.measure("best", 64, Load.hotGift(64), seconds).perSecond() / 2;
            for (int row = 1; row <= SOAK_ROWS; row++) {
                int slice = SOAK_MINUTES * 60 / SOAK_ROWS;
                Row measured;
                double p99;
                try (Probe probe = new Probe(service.address())) {
                    measured = one.measure("soak", row, Load.hotGift(256).atRate(half), slice);
                    p99 = probe.p99(201);
                }
                hangUp(service);
                Vitals vitals = settled(service);
                all.add(vitals);
                table.add(line(
                        String.format(Locale.ROOT, "%.1f", row * slice / 60.0),
                        measured.perSecond(),
                        p99,
                        vitals.heapMegabytes(),
                        vitals.threads(),
                        vitals.acquired(),
                        vitals.waiting()));
                System.out.println(table.get(table.size() - 1));
            }
        }
        return new Soak(table, whatGrew(all));
    }

    /**
     * What came of a soak. Whether p99 grows is for the reader to see, beside the machine's load.
     *
     * @param grown what is more at the end than at the beginning, or was not given back; empty where nothing is
     */
    record Soak(List<String> table, List<String> grown) {}

    /** The first third of the rows, in which lazy parts come to be, against the last. */
    private static List<String> whatGrew(List<Vitals> rows) {
        int third = rows.size() / 3;
        List<Vitals> first = rows.subList(0, third);
        List<Vitals> last = rows.subList(rows.size() - third, rows.size());
        List<String> grown = new ArrayList<>();
        if (most(rows, row -> row.acquired() + row.waiting()) > 0) {
            grown.add("a storm of hang-ups left connections in use or orders in the queue");
        }
        if (most(last, Vitals::heapMegabytes) > most(first, Vitals::heapMegabytes) + HEAP_MAY_VARY) {
            grown.add("the heap has grown");
        }
        if (most(last, Vitals::threads) > most(first, Vitals::threads) + THREADS_MAY_VARY) {
            grown.add("there are more threads");
        }
        return grown;
    }

    private static double most(List<Vitals> rows, ToDoubleFunction<Vitals> of) {
        return rows.stream().mapToDouble(of).max().orElseThrow();
    }

    private static void hangUp(ServiceProcess service) {
        String order = "POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                + Shop.buyer(1) + "\r\nContent-Length: 10\r\n\r\n{\"1000\":";
        try (SlowClients clients = new SlowClients(URI.create(service.address()))) {
            clients.open(HANG_UPS, order + "1}");
            clients.open(HANG_UPS, order);
        }
    }

    /** Connections and queue entries are given back a moment after whoever had them is gone. */
    private static Vitals settled(ServiceProcess service) {
        Vitals vitals = Vitals.of(service);
        for (int i = 0; i < 10 && vitals.acquired() + vitals.waiting() > 0; i++) {
            vitals = Vitals.of(service);
        }
        return vitals;
    }

    /**
     * What two instances on one hot gift cost each other: on this machine, where they also share the processor with the
     * database, and with the database away, where the row is what they share.
     */
    List<String> two() {
        List<String> table =
                table("instances, one hot gift", "orders/s", "of them by the slower", "p99 ms", "load average");
        together(table, "database here, 256 connections", 256, Duration.ZERO);
        together(table, "database 2 ms away, 64 connections", 64, NEXT_ROOM);
        return table;
    }

    private void together(List<String> table, String name, int connections, Duration databaseAway) {
        for (int instances : List.of(1, 2)) {
            try (Cluster some = clusters.open(instances, Map.of(), databaseAway)) {
                List<Long> before = placed(some);
                Row row = some.measure("together", instances, Load.hotGift(connections), seconds);
                List<Long> after = placed(some);
                List<Long> each = new ArrayList<>();
                for (int i = 0; i < instances; i++) {
                    each.add(after.get(i) - before.get(i));
                }
                double all = each.stream().mapToLong(Long::longValue).sum();
                double least = each.stream().mapToLong(Long::longValue).min().orElseThrow();
                table.add(line(instances + ", " + name, row.perSecond(), row.perSecond() * least / all, row.p99()));
            }
        }
    }

    private static List<Long> placed(Cluster cluster) {
        return cluster.instances().stream()
                .map(service -> Vitals.of(service).placed())
                .toList();
    }

    private static double heap(ServiceProcess service) {
        return Vitals.of(service).heapMegabytes();
    }

    private static List<String> table(String... columns) {
        return new ArrayList<>(
                List.of("| " + String.join(" | ", columns) + " |", "|---|" + "---:|".repeat(columns.length - 1)));
    }

    private static String line(String name, double... values) {
        StringBuilder line = new StringBuilder("| ").append(name);
        for (double value : values) {
            line.append(
                    Double.isNaN(value)
                            ? " | –"
                            : String.format(Locale.ROOT, value < 100 ? " | %.1f" : " | %,.0f", value));
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return line.append(String.format(Locale.ROOT, " | %.1f |", load)).toString();
    }

    /** Opens a cluster. */
    interface Clusters {
        Cluster open(int instances, Map<String, String> settings, Duration databaseAway);

        /** The database is on this machine. */
        default Cluster open(int instances, Map<String, String> settings) {
            return open(instances, settings, Duration.ZERO);
        }
    }
}
