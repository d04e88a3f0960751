package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a service that was just started gets faster as its JVM compiles. Each way to start it has a process, all of them have
 * one database, and they are loaded in turn, so that whatever else the machine does meets all of them.
 */
final class Warming {

    /** How long each is loaded in all. Chosen: on slow machines the last of the hot code is compiled by then. */
    private static final int SECONDS = Integer.getInteger("bench.warming-seconds", 150);

    private static final int SLICE_SECONDS = 10;

    private static final Load LOAD = Load.hotGift(256);

    private final List<Variant> variants;
    private final Map<String, String> environment;

    /** @param url an empty database of the server */
    Warming(TestDatabase server, String url) {
        List<Variant> all = Variant.all(Path.of(System.getProperty("java.home")), server);
        Variant packaged = all.get(0);
        this.variants = Stream.concat(
                        Stream.of(
                                packaged,
                                packaged.with("`-XX:CompileThresholdScaling=0.3`", "-XX:CompileThresholdScaling=0.3"),
                                packaged.with("`-XX:CompileThresholdScaling=0.1`", "-XX:CompileThresholdScaling=0.1")),
                        all.stream().skip(2))
                .toList();
        this.environment = new HashMap<>(Cluster.environment(server, url));
        // no order expires beside the loads
        environment.put("GIFT_ORDERS_PLACEMENT_PAY_WITHIN", "1d");
    }

    /** Gives a table of orders a second. */
    List<String> measure() {
        List<ServiceProcess> services = new ArrayList<>();
        try {
            for (Variant variant : variants) {
                services.add(variant.start(environment).untilReady());
            }
            Training.putOnSale(Shop.client(services.get(0).address()), 1, Training.PLENTY)
                    .block();
            return table(inTurn(services));
        } finally {
            services.forEach(ServiceProcess::close);
        }
    }

    /** Orders a second of each service in each of its slices. */
    private static List<List<Double>> inTurn(List<ServiceProcess> services) {
        List<List<Double>> sold = Stream.generate(() -> (List<Double>) new ArrayList<Double>())
                .limit(services.size())
                .toList();
        for (int slice = 0; slice < SECONDS / SLICE_SECONDS; slice++) {
            for (int i = 0; i < services.size(); i++) {
                int turn = (slice + i) % services.size();
                sold.get(turn).add(sell(services.get(turn)));
            }
        }
        return sold;
    }

    private static double sell(ServiceProcess service) {
        return LOAD.start(service.address() + "/orders", Cluster.tokens().toString(), SLICE_SECONDS)
                .await()
                .createdPerSecond();
    }

    private List<String> table(List<List<Double>> sold) {
        int slices = sold.get(0).size();
        List<String> table = new ArrayList<>();
        table.add(IntStream.rangeClosed(1, slices)
                .mapToObj(slice -> slice * SLICE_SECONDS + " s |")
                .collect(Collectors.joining(" ", "| orders/s until | ", "")));
        table.add("|---|" + "---:|".repeat(slices));
        for (int i = 0; i < variants.size(); i++) {
            table.add(sold.get(i).stream()
                    .map(perSecond -> String.format(Locale.ROOT, "%,.0f |", perSecond))
                    .collect(Collectors.joining(" ", "| " + variants.get(i).name() + " | ", "")));
        }
        return table;
    }
}
