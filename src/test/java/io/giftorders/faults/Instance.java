package io.giftorders.faults;

import io.giftorders.machine.CuttingProxy;
import io.giftorders.machine.CuttingProxy.Cut;
import io.giftorders.machine.Ports;
import io.giftorders.payment.Pauses;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One instance of the packaged service, with a proxy before it and one before its database. As under any keeper of services,
 * another process takes the place of one that ended. One thing happens to it at a time.
 */
final class Instance implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofMinutes(2);

    /** Exit status of a process that was asked to end by SIGTERM. */
    private static final int TERMINATED = 143;

    /** In the log of a service that could not start. */
    private static final String CANNOT_START = "LoggingFailureAnalysisReporter";

    private final int number;
    private final Path logs;
    private final CuttingProxy buyers;
    private final CuttingProxy database;
    private final List<String> wrongEnds = new ArrayList<>();
    private ServiceProcess process;
    private int lives = 1;
    private boolean closed;

    /**
     * Starts it.
     *
     * @param number from 1
     * @param logs the directory where the output of every process is kept
     * @param databaseUrl of the real server
     */
    Instance(int number, Path logs, Map<String, String> environment, String databaseUrl, int databasePort) {
        int port = Ports.free();
        this.number = number;
        this.logs = logs;
        this.buyers = new CuttingProxy(port);
        this.database = new CuttingProxy(databasePort);
        Map<String, String> own = new HashMap<>(environment);
        own.put("SPRING_R2DBC_URL", databaseUrl.replace(":" + databasePort + "/", ":" + database.port() + "/"));
        own.put("SPRING_SQL_INIT_MODE", "always");
        own.put("GIFT_ORDERS_ALIPAY_PUBLIC_URL", address());
        this.process = ServiceProcess.start(port, own, ServiceProcess.QUICK_START);
    }

    /** Where everyone reaches it. */
    String address() {
        return "http://127.0.0.1:" + buyers.port();
    }

    CuttingProxy buyers() {
        return buyers;
    }

    CuttingProxy database() {
        return database;
    }

    synchronized void kill() {
        process.kill();
        replace();
    }

    synchronized void stop() {
        end();
        replace();
    }

    synchronized void freeze(Duration lasting) {
        if (process.isAlive()) {
            process.freeze();
            Pauses.millis(lasting.toMillis());
            process.thaw();
        }
    }

    /** A service that cannot start, as its database is away, ends: it is started again until it can. */
    synchronized void keepRunning() {
        if (!closed && !process.isAlive()) {
            mustHaveFailedToStart();
            replace();
        }
    }

    private void mustHaveFailedToStart() {
        if (!process.output().contains(CANNOT_START)) {
            wrongEnds.add("service " + number + ", life " + lives + ", ended by itself with " + process.awaitEnd());
        }
    }

    /** Nothing is in its way any more; waits until it works. */
    void makeWell() {
        buyers.delay(Duration.ZERO);
        database.delay(Duration.ZERO);
        database.cutNextCommit(Cut.NOTHING);
        untilReady();
    }

    void untilReady() {
        Shop.await(LONGEST_START, () -> {
            keepRunning();
            return isReady();
        });
    }

    private synchronized boolean isReady() {
        return process.isReady();
    }

    private void replace() {
        keepLog();
        ServiceProcess next = process.again();
        process.close();
        process = next;
    }

    private void keepLog() {
        try {
            Files.writeString(logs.resolve("service-" + number + "-" + lives + ".log"), process.output());
            lives++;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Ends it as a deployment does. */
    synchronized void end() {
        process.terminate();
        int status = process.awaitEnd();
        if (status != TERMINATED && !process.output().contains(CANNOT_START)) {
            wrongEnds.add("service " + number + ", life " + lives + ", ended with " + status + " after SIGTERM");
        }
    }

    /** Ends that nobody meant: of a service that was well, or with another status than SIGTERM's. */
    synchronized List<String> wrongEnds() {
        return List.copyOf(wrongEnds);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        process.kill();
        keepLog();
        process.close();
        buyers.close();
        database.close();
    }
}
