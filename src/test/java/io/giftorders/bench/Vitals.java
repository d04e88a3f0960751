package io.giftorders.bench;

import io.giftorders.shop.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

/**
 * What an instance holds, after a garbage collection.
 *
 * @param heapMegabytes heap in use
 * @param acquired database connections that buyers use; orders that expire have others
 * @param waiting orders in the queue
 * @param placed orders placed since it started
 */
record Vitals(double heapMegabytes, int threads, int acquired, int waiting, long placed) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static Vitals of(ServiceProcess service) {
        try {
            collectGarbage(service.pid());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        List<String> lines = metrics(service);
        return new Vitals(
                sum(lines, "jvm_memory_used_bytes{area=\"heap\"") / 1e6,
                (int) sum(lines, "jvm_threads_live_threads"),
                (int) sum(lines, "r2dbc_pool_acquired_connections{name=\"placementConnections\"")
                        + (int) sum(lines, "r2dbc_pool_acquired_connections{name=\"generalConnections\""),
                (int) sum(lines, "gift_orders_queue_depth"),
                (long) sum(lines, "gift_orders_placed_total"));
    }

    /** One metric of an instance, without a garbage collection before. */
    static double metric(ServiceProcess service, String name) {
        return sum(metrics(service), name);
    }

    private static List<String> metrics(ServiceProcess service) {
        HttpRequest metrics = HttpRequest.newBuilder(URI.create(service.managementAddress() + "/actuator/prometheus"))
                .build();
        try {
            return HTTP.send(metrics, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void collectGarbage(long pid) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        int status = new ProcessBuilder(jcmd, Long.toString(pid), "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("jcmd GC.run ended with " + status);
        }
    }

    private static double sum(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
