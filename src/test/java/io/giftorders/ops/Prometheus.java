package io.giftorders.ops;

import io.giftorders.machine.Ports;
import io.giftorders.shop.Shop;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.reactive.function.client.WebClient;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Prometheus with the rules of this repository. Where it is not installed the test is skipped, unless the system property
 * {@code gift-orders.test-prometheus} says {@code required}, as it does on the build server.
 */
final class Prometheus implements AutoCloseable {

    private final Process process;
    private final Path directory;
    private final WebClient api;

    private Prometheus(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.api = WebClient.create("http://127.0.0.1:" + port);
    }

    /** Starts one that reads the metrics of a shop, every second, as {@code src/ops} says otherwise. */
    static Prometheus watching(Shop shop) {
        Path command = installed("prometheus");
        try {
            Path directory = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "prometheus-");
            Files.copy(Expression.ALERTS, directory.resolve(Expression.ALERTS.getFileName()));
            Files.writeString(
                    directory.resolve("prometheus.yaml"),
                    configuration(URI.create(shop.managementAddress()).getAuthority()));
            int port = Ports.free();
            Process process = new ProcessBuilder(
                            command.toString(),
                            "--config.file=" + directory.resolve("prometheus.yaml"),
                            "--storage.tsdb.path=" + directory.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--log.level=warn")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
            return new Prometheus(process, directory, port);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The repository's, with another address and shorter pauses. */
    @SuppressWarnings("unchecked")
    private static String configuration(String target) {
        Map<String, Object> configuration =
                (Map<String, Object>) Expression.yaml(Expression.OPS.resolve("prometheus/prometheus.yaml"));
        configuration.put("global", Map.of("scrape_interval", "1s", "evaluation_interval", "1s"));
        Map<String, Object> job = (Map<String, Object>) ((List<?>) configuration.get("scrape_configs")).get(0);
        job.put("static_configs", List.of(Map.of("targets", List.of(target))));
        return new Yaml().dump(configuration);
    }

    /** Waits until it has read the shop's metrics so many times more. */
    void awaitScrapes(int more) {
        double before = scrapes();
        Shop.await(() -> scrapes() >= before + more);
    }

    private double scrapes() {
        JsonNode result = isUp() ? query("sum(count_over_time(up{job=\"gift-orders\"}[1h]))") : null;
        return result == null || result.isEmpty()
                ? 0
                : Double.parseDouble(result.get(0).get("value").get(1).asString());
    }

    private boolean isUp() {
        if (!process.isAlive()) {
            throw new IllegalStateException("Prometheus ended:\n" + Expression.text(directory.resolve("log")));
        }
        try {
            return api.get()
                    .uri("/-/ready")
                    .retrieve()
                    .toBodilessEntity()
                    .block()
                    .getStatusCode()
                    .is2xxSuccessful();
        } catch (RuntimeException notYet) {
            return false;
        }
    }

    /** The series that an expression gives now; fails where it is none. */
    JsonNode query(String expression) {
        JsonNode answer = JsonMapper.shared()
                .readTree(api.get()
                        .uri("/api/v1/query?query={expression}", expression)
                        .exchangeToMono(response -> response.bodyToMono(String.class))
                        .block());
        if (!answer.get("status").asString().equals("success")) {
            throw new IllegalStateException(expression + ": " + answer);
        }
        return answer.get("data").get("result");
    }

    /** Every rule, with {@code name}, {@code health} and {@code state}. */
    List<JsonNode> rules() {
        return JsonMapper.shared()
                .readTree(api.get()
                        .uri("/api/v1/rules")
                        .retrieve()
                        .bodyToMono(String.class)
                        .block())
                .at("/data/groups")
                .valueStream()
                .flatMap(group -> group.get("rules").valueStream())
                .toList();
    }

    /** Runs {@code promtool} and returns what it printed; fails where it finds a fault. */
    static String tool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(installed("promtool").toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(output);
            }
            return output;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static Path installed(String command) {
        Optional<Path> found = Stream.of(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .findFirst();
        if (!"required".equals(System.getProperty("gift-orders.test-prometheus"))) {
            Assumptions.assumeTrue(found.isPresent(), command + " is not installed");
        }
        return found.orElseThrow();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        FileSystemUtils.deleteRecursively(directory.toFile());
    }
}
