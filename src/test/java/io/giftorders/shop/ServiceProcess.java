package io.giftorders.shop;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.machine.Ports;
import io.giftorders.machine.Signals;
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
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged service in a process of its own, configured by environment alone. */
public final class ServiceProcess implements AutoCloseable {

    /** What {@code mvn package} makes. */
    public static final Path JAR = Path.of("target", "gift-orders.jar");

    /** For a service that sells little: what a compiler for the long run would gain, it costs again at each start. */
    public static final String QUICK_START = "-XX:TieredStopAtLevel=1";

    /** Whatever runs this JVM. */
    private static final Path JAVA =
            Path.of(ProcessHandle.current().info().command().orElse("java"));

    private static final Duration LONGEST_END = Duration.ofMinutes(1);

    /** Some seconds, on a machine that has nothing else to do. */
    private static final Duration LONGEST_START = Duration.ofMinutes(2);

    private static final HttpClient PROBES = HttpClient.newHttpClient();

    private final Process process;
    private final Path output;
    private final Path java;
    private final Path jar;
    private final int port;
    private final int managementPort;
    private final Map<String, String> environment;
    private final String[] options;

    private ServiceProcess(
            Process process,
            Path output,
            Path java,
            Path jar,
            int port,
            int managementPort,
            Map<String, String> environment,
            String... options) {
        this.process = process;
        this.java = java;
        this.jar = jar;
        this.output = output;
        this.port = port;
        this.managementPort = managementPort;
        this.environment = Map.copyOf(environment);
        this.options = options.clone();
    }

    /** @param environment what a deployment says beyond the local Alipay's settings; an empty value takes one away */
    public static ServiceProcess start(Map<String, String> environment, String... options) {
        return start(Ports.free(), environment, options);
    }

    /** Starts another process in the place of one that ended: what was addressed to that one comes to this one. */
    public ServiceProcess again() {
        return start(java, jar, port, environment, options);
    }

    /** Starts one whose port was chosen before, by {@link Ports}. */
    public static ServiceProcess start(int port, Map<String, String> environment, String... options) {
        return start(JAVA, JAR, port, environment, options);
    }

    /**
     * Starts a service that lies elsewhere, or runs on another Java.
     *
     * @param java the command
     * @param jar the service as it is packaged, or unpacked beside its libraries
     */
    public static ServiceProcess start(
            Path java, Path jar, int port, Map<String, String> environment, String... options) {
        try {
            Path output = Files.createTempFile(Path.of("target"), "service-", ".log");
            List<String> command = new ArrayList<>(List.of(java.toString()));
            command.addAll(List.of(options));
            command.addAll(List.of("-jar", jar.toString()));
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("SPRING_") || name.startsWith("GIFT_ORDERS_"));
            builder.environment()
                    .putAll(Map.of(
                            "SERVER_ADDRESS",
                            "127.0.0.1",
                            "MANAGEMENT_SERVER_ADDRESS",
                            "127.0.0.1",
                            "SERVER_PORT",
                            Integer.toString(port),
                            "MANAGEMENT_SERVER_PORT",
                            Integer.toString(Ports.free())));
            builder.environment().putAll(LocalAlipay.shared().environment());
            builder.environment().put("GIFT_ORDERS_ALIPAY_PUBLIC_URL", "http://127.0.0.1:" + port);
            builder.environment().putAll(environment);
            builder.environment().values().removeIf(String::isEmpty);
            int managementPort = Integer.parseInt(builder.environment().get("MANAGEMENT_SERVER_PORT"));
            return new ServiceProcess(builder.start(), output, java, jar, port, managementPort, environment, options);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String address() {
        return "http://127.0.0.1:" + port;
    }

    public String managementAddress() {
        return "http://127.0.0.1:" + managementPort;
    }

    /** What it exports at this moment. */
    public Scrape scrape() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(managementAddress() + "/actuator/prometheus"))
                .build();
        try {
            return new Scrape(PROBES.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public long pid() {
        return process.pid();
    }

    public ServiceProcess untilReady() {
        try {
            Shop.await(LONGEST_START, () -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException("the service ended:\n" + output());
                }
                return isReady();
            });
        } catch (RuntimeException neverReady) {
            close();
            throw neverReady;
        }
        return this;
    }

    /** Whether it takes orders. */
    public boolean isReady() {
        HttpRequest probe = HttpRequest.newBuilder(URI.create(address() + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return PROBES.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** What it has had of the processors since it started. */
    public Duration processorTime() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** SIGSTOP: it does nothing any more, and keeps its connections and what it has for itself. */
    public void freeze() {
        Signals.freeze(process.pid());
    }

    /** SIGCONT. */
    public void thaw() {
        Signals.thaw(process.pid());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits a minute at the most; returns the exit status. */
    public int awaitEnd() {
        return awaitEnd(LONGEST_END);
    }

    public int awaitEnd(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the service does not end:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        kill();
        try {
            Files.deleteIfExists(output);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
