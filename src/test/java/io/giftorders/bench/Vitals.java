package io.giftorders.bench;

import io.giftorders.shop.Scrape;
import io.giftorders.shop.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * What an instance holds, after a garbage collection.
 *
 * @param heapMegabytes heap in use
 * @param acquired database connections that buyers use; orders that expire have others
 * @param waiting orders in the queue
 * @param placed orders placed since it started
 */
record Vitals(double heapMegabytes, int threads, int acquired, int waiting, long placed) {

    static Vitals of(ServiceProcess service) {
        try {
            collectGarbage(service.pid());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        Scrape now = service.scrape();
        return new Vitals(
                now.sum("jvm_memory_used_bytes{area=\"heap\"") / 1e6,
                (int) now.sum("jvm_threads_live_threads"),
                (int) now.sum("r2dbc_pool_acquired_connections{name=\"placementConnections\"")
                        + (int) now.sum("r2dbc_pool_acquired_connections{name=\"generalConnections\""),
                (int) now.sum("gift_orders_queue_depth"),
                (long) now.sum("gift_orders_placed_total"));
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
}
