package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.Stream;

/** How long a service takes from the start of its process to its first order, and how well it sells from then on. */
final class Starts {

    /** Chosen: enough for a median on a machine that does other things too. */
    private static final int STARTS = Integer.getInteger("bench.starts", 7);

    /** The first seconds of a sale, which begins the moment the service is there. */
    private static final int SALE_SECONDS = 5;

    private final HttpClient buyer = HttpClient.newHttpClient();
    private final TestDatabase server;
    private final Map<String, String> environment;
    private final List<String> table = new ArrayList<>(List.of(
            "| | start to first order, ms (median) | fastest | slowest | processor time until then, ms "
                    + "| orders/s in the next " + SALE_SECONDS + " s | p99 ms |",
            "|---|---:|---:|---:|---:|---:|---:|"));

    /** @param url an empty database of the server */
    Starts(TestDatabase server, String url) {
        this.server = server;
        this.environment = Cluster.environment(server, url);
        // starts are timed, and this is none of them
        LocalAlipay.shared();
    }

    /** Measures the JDK that runs this program and, if {@code bench.java-home} names one, another. Gives a table. */
    List<String> measure() {
        putOnSale();
        Stream.of(System.getProperty("java.home"), System.getProperty("bench.java-home", ""))
                .filter(home -> !home.isEmpty())
                .distinct()
                .flatMap(home -> Variant.all(Path.of(home), server).stream())
                .forEach(this::measure);
        return table;
    }

    /** The tables are made here as well. */
    private void putOnSale() {
        try (ServiceProcess service = ServiceProcess.start(environment).untilReady()) {
            Training.putOnSale(Shop.client(service.address()), 1, Training.PLENTY)
                    .block();
        }
    }

    private void measure(Variant variant) {
        List<Start> starts = new ArrayList<>();
        List<Answers> sales = new ArrayList<>();
        for (int i = 0; i <= STARTS; i++) {
            long began = System.nanoTime();
            try (ServiceProcess service = variant.start(environment)) {
                firstOrder(service);
                // the first one brings the files into memory
                Start start = new Start(Duration.ofNanos(System.nanoTime() - began), service.processorTime());
                if (i > 0) {
                    starts.add(start);
                    sales.add(Load.hotGift(256)
                            .start(
                                    service.address() + "/orders",
                                    Cluster.tokens().toString(),
                                    SALE_SECONDS)
                            .await());
                }
            }
        }
        table.add(row(variant.name(), starts, sales));
        System.out.println(table.get(table.size() - 1));
    }

    private record Start(Duration taken, Duration processor) {}

    private static String row(String name, List<Start> starts, List<Answers> sales) {
        LongSummaryStatistics millis =
                starts.stream().mapToLong(start -> start.taken().toMillis()).summaryStatistics();
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,d | %,d | %,.0f | %,.0f | %,.0f |",
                name,
                Median.of(starts.stream().map(start -> start.taken().toMillis())),
                millis.getMin(),
                millis.getMax(),
                Median.of(starts.stream().map(start -> start.processor().toMillis())),
                Median.of(sales.stream().map(Answers::createdPerSecond)),
                Median.of(sales.stream().map(Answers::p99)));
    }

    /** Orders until it is answered 201. */
    private void firstOrder(ServiceProcess service) {
        Shop.await(Duration.ofMinutes(2), () -> {
            try {
                return buyer.send(order(service), HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 201;
            } catch (IOException notYet) {
                if (!service.isAlive()) {
                    throw new IllegalStateException("the service ended:\n" + service.output(), notYet);
                }
                return false;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        });
    }

    private static HttpRequest order(ServiceProcess service) {
        return HttpRequest.newBuilder(URI.create(service.address() + "/orders"))
                .header("Authorization", "Bearer " + Shop.buyer(1))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"1\": 1}"))
                .build();
    }
}
