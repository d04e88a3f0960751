package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.machine.Ports;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** How long a service takes from the start of its process to its first order, and how well it sells from then on. */
final class Starts {

    /** Chosen: enough for a median on a machine that does other things too. */
    private static final int STARTS = Integer.getInteger("bench.starts", 7);

    /** The first seconds of a sale, which begins the moment the service is there. */
    private static final int SALE_SECONDS = Integer.getInteger("bench.sale-seconds", 5);

    /** What the image starts the service with. */
    private static final List<String> OPTIONS = List.of(
            System.getProperty("bench.jvm-options", "-XX:+UseParallelGC").split(" ", -1));

    /** The first JDK with a cache that is made in one step and has profiles (JEP 514, 515). */
    private static final int FIRST_WITH_CACHE = 25;

    private static final Path UNPACKED = Path.of("target", "unpacked").toAbsolutePath();

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
        unpack();
        putOnSale();
        Stream.of(System.getProperty("java.home"), System.getProperty("bench.java-home", ""))
                .filter(home -> !home.isEmpty())
                .distinct()
                .map(Path::of)
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

    private void measure(Path home) {
        int version = version(home);
        Path java = Training.java(home);
        Path jar = UNPACKED.resolve(ServiceProcess.JAR.getFileName());
        measure("JDK " + version + ", packaged jar", java, ServiceProcess.JAR, OPTIONS);
        measure("JDK " + version + ", unpacked", java, jar, OPTIONS);
        if (version >= FIRST_WITH_CACHE) {
            Path cache = UNPACKED.resolve("gift-orders.aot");
            Training.make(cache, java, jar, server, OPTIONS);
            List<String> options = Stream.concat(OPTIONS.stream(), Stream.of("-XX:AOTCache=" + cache))
                    .toList();
            measure("JDK " + version + ", unpacked, with an AOT cache", java, jar, options);
        }
    }

    private void measure(String name, Path java, Path jar, List<String> options) {
        List<Start> starts = new ArrayList<>();
        List<Answers> sales = new ArrayList<>();
        for (int i = 0; i <= STARTS; i++) {
            long began = System.nanoTime();
            try (ServiceProcess service =
                    ServiceProcess.start(java, jar, Ports.free(), environment, options.toArray(String[]::new))) {
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
        table.add(row(name, starts, sales));
        System.out.println(table.get(table.size() - 1));
    }

    private record Start(Duration taken, Duration processor) {}

    private static String row(String name, List<Start> starts, List<Answers> sales) {
        List<Long> millis =
                starts.stream().map(start -> start.taken().toMillis()).sorted().toList();
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %,d | %,d | %,d | %,d | %,d |",
                name,
                median(millis),
                millis.get(0),
                millis.get(millis.size() - 1),
                median(starts.stream()
                        .map(start -> start.processor().toMillis())
                        .sorted()
                        .toList()),
                median(sales.stream()
                        .map(sale -> Math.round(sale.createdPerSecond()))
                        .sorted()
                        .toList()),
                median(sales.stream()
                        .map(sale -> Math.round(sale.p99()))
                        .sorted()
                        .toList()));
    }

    private static long median(List<Long> sorted) {
        return sorted.get(sorted.size() / 2);
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

    /** As the image has it: the service beside its libraries. */
    private static void unpack() {
        FileSystemUtils.deleteRecursively(UNPACKED.toFile());
        try {
            Process unpacking = new ProcessBuilder(
                            Training.java(Path.of(System.getProperty("java.home")))
                                    .toString(),
                            "-Djarmode=tools",
                            "-jar",
                            ServiceProcess.JAR.toString(),
                            "extract",
                            "--destination",
                            UNPACKED.toString())
                    .inheritIO()
                    .start();
            if (unpacking.waitFor() != 0) {
                throw new IllegalStateException("the jar cannot be unpacked");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The feature release of a JDK. */
    private static int version(Path home) {
        Properties release = new Properties();
        try (var text = Files.newBufferedReader(home.resolve("release"))) {
            release.load(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        String version = release.getProperty("JAVA_VERSION").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }
}
