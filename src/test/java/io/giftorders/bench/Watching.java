package io.giftorders.bench;

import io.giftorders.bench.Watchers.Heard;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What it costs a sale that thousands watch the stock: the same load without and with them, one after the other. */
final class Watching {

    /** {@code bench.watchers}. Needs {@code ulimit -n} above it, for the service and for the watchers. */
    private static final int WATCHERS = Integer.getInteger("bench.watchers", 10_000);

    /** {@code bench.watching-rounds}. Chosen: one after the other, so that what the machine does meanwhile shows. */
    private static final int ROUNDS = Integer.getInteger("bench.watching-rounds", 3);

    /** Chosen: as long as an event of the stock takes to come fifteen times. */
    private static final int SECONDS = Integer.getInteger("bench.watching-seconds", 15);

    /** Chosen: what writes to watchers is compiled by then. */
    private static final int WARM_UP_SECONDS = 10;

    private static final Load LOAD = Load.hotGift(256);

    private final Cluster cluster;
    private final ServiceProcess service;
    private final List<String> table = new ArrayList<>(List.of(
            "| watchers | orders/s | p50 ms | p99 ms | service µs/order | database µs/order | heap MB | resident MB "
                    + "| events/s for each | watchers' own process, % of a core |",
            "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"));

    Watching(Cluster cluster) {
        this.cluster = cluster;
        this.service = cluster.instances().get(0);
    }

    List<String> measure() {
        try (Watchers watchers = watch()) {
            cluster.measure("warm-up", 0, LOAD, WARM_UP_SECONDS);
            System.out.println("warm-up: " + watchers.heard());
        }
        for (int round = 0; round < ROUNDS; round++) {
            alone();
            beside();
        }
        return table;
    }

    private void alone() {
        Shop.await(() -> watchers() == 0);
        Row row = cluster.measure("alone", 0, LOAD, SECONDS);
        add(0, row, "–", "–");
    }

    private void beside() {
        try (Watchers watchers = watch()) {
            Heard before = watchers.heard();
            Row row = cluster.measure("beside", WATCHERS, LOAD, SECONDS);
            Heard after = watchers.heard();
            if (after.open() != WATCHERS) {
                throw new IllegalStateException("the service closed " + (WATCHERS - after.open()) + " watchers");
            }
            double events = (after.events() - before.events()) / (double) SECONDS / WATCHERS;
            double busy = after.processorTime().minus(before.processorTime()).toMillis() / 10.0 / SECONDS;
            add(WATCHERS, row, format("%.2f", events), format("%.0f", busy));
        }
    }

    private Watchers watch() {
        Watchers watchers = Watchers.connect(service.address(), WATCHERS);
        Shop.await(() -> watchers() == WATCHERS && watchers.heard().events() >= WATCHERS);
        return watchers;
    }

    private int watchers() {
        return (int) service.scrape().sum("gift_orders_live_watchers{feed=\"gifts\"");
    }

    private void add(int watchers, Row row, String events, String busy) {
        table.add(String.join(
                " | ",
                format("| %,d", watchers),
                format("%,.0f", row.perSecond()),
                format("%.0f", row.p50()),
                format("%.0f", row.p99()),
                format("%.0f", row.serviceMicros()),
                format("%.0f", row.databaseMicros()),
                format("%.0f", Vitals.of(service).heapMegabytes()),
                format("%.0f", residentMegabytes(service.pid())),
                events,
                busy + " |"));
        System.out.println(table.get(table.size() - 1));
    }

    private static double residentMegabytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6)
                    .sum();
        } catch (IOException notLinux) {
            throw new UncheckedIOException(notLinux);
        }
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
