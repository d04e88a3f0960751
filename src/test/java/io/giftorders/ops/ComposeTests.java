package io.giftorders.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** No engine for containers runs in tests: what the file says is held against what there is. */
class ComposeTests {

    private static final Compose COMPOSE = Compose.read();

    @Test
    void everySettingIsOneThatTheServiceKnows() throws IOException {
        assertThat(known()).containsAll(COMPOSE.environment().keySet());
    }

    /** What the service's own settings and Spring Boot's describe of themselves. */
    private static Set<String> known() throws IOException {
        Set<String> known = new TreeSet<>(Set.of("SPRING_CONFIG_IMPORT"));
        for (URL described : Collections.list(
                ComposeTests.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream text = described.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(text).get("properties")) {
                    known.add(property.get("name")
                            .asString()
                            .replace('.', '_')
                            .replace('-', '_')
                            .toUpperCase(Locale.ROOT));
                }
            }
        }
        return known;
    }

    @Test
    void everyFileItMountsIsInTheRepositoryOrTheDeploymentsOwn() {
        assertThat(mounts())
                .filteredOn(mount -> mount.startsWith("./") && !mount.startsWith("./deployment:"))
                .isNotEmpty()
                .allSatisfy(
                        mount -> assertThat(Path.of(mount.split(":", -1)[0])).exists());
        assertThat(mounts()).filteredOn(mount -> !mount.startsWith("./")).allSatisfy(mount -> assertThat(
                        ((Map<?, ?>) COMPOSE.document().get("volumes")).containsKey(mount.split(":", -1)[0]))
                .as(mount)
                .isTrue());
        assertThat(Expression.text(Path.of(".gitignore"))).contains("deployment/\n");
    }

    private static List<String> mounts() {
        return COMPOSE.services().values().stream()
                .flatMap(service -> Compose.texts((Map<?, ?>) service, "volumes").stream())
                .toList();
    }

    @Test
    void everyServiceIsPinnedBoundedAndComesBack() {
        COMPOSE.services().forEach((name, described) -> {
            Map<?, ?> service = (Map<?, ?>) described;
            assertThat(service.get("mem_limit")).as(name + " mem_limit").isNotNull();
            assertThat(service.get("restart")).as(name + " restart").isIn("unless-stopped", "no");
            if (!service.containsKey("build")) {
                assertThat(String.valueOf(service.get("image"))).matches(".+:v?[0-9]+\\.[0-9]+\\.[0-9]+");
            }
            if (!name.equals("secrets") && !name.equals("gift-orders")) {
                assertThat(service.get("healthcheck")).as(name + " healthcheck").isNotNull();
            }
        });
        assertThat(Expression.text(Path.of("Dockerfile"))).contains("HEALTHCHECK");
    }

    @Test
    void nothingIsOpenToOtherMachinesUnlessSomebodySaysSo() {
        assertThat(COMPOSE.services().values().stream()
                        .flatMap(service -> Compose.texts((Map<?, ?>) service, "ports").stream()))
                .isNotEmpty()
                .allSatisfy(
                        port -> assertThat(port).matches("(127\\.0\\.0\\.1|\\$\\{\\w+:-127\\.0\\.0\\.1}):\\d+:\\d+"));
        assertThat(COMPOSE.service("mysql").get("ports")).isNull();
    }

    @Test
    void noSecretStandsInIt() {
        assertThat(COMPOSE.services().values().stream()
                        .map(service -> ((Map<?, ?>) service).get("environment"))
                        .filter(Map.class::isInstance)
                        .flatMap(environment -> ((Map<?, ?>) environment).entrySet().stream())
                        .filter(variable -> String.valueOf(variable.getKey()).contains("PASSWORD"))
                        .map(variable -> String.valueOf(variable.getKey())))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name).endsWith("_FILE"));
        assertThat(COMPOSE.environment().keySet()).noneMatch(name -> name.contains("PASSWORD"));
    }

    @Test
    void prometheusReadsTheManagementPortOfTheService() throws IOException {
        Map<?, ?> configuration = (Map<?, ?>) Expression.yaml(Expression.OPS.resolve("prometheus/prometheus.yaml"));
        Map<?, ?> job = (Map<?, ?>) ((List<?>) configuration.get("scrape_configs")).get(0);
        Map<?, ?> targets = (Map<?, ?>) ((List<?>) job.get("static_configs")).get(0);
        Map<?, ?> service = (Map<?, ?>) Expression.yaml(Path.of("src", "main", "resources", "application.yaml"));
        Object port = ((Map<?, ?>) service.get("management")).get("server.port");

        assertThat(targets.get("targets")).isEqualTo(List.of("gift-orders:" + port));
        assertThat(COMPOSE.services().containsKey("gift-orders")).isTrue();
        assertThat(Expression.text(Expression.OPS.resolve("grafana/provisioning/datasources/prometheus.yaml")))
                .contains("http://prometheus:9090");
        assertThat(Files.readString(Expression.OPS.resolve("grafana/provisioning/dashboards/gift-orders.yaml")))
                .contains("path: /etc/grafana/dashboards");
        assertThat(mounts()).contains("./src/ops/grafana/dashboards:/etc/grafana/dashboards:ro");
        assertThat(Compose.texts(COMPOSE.service("prometheus"), "command"))
                .contains("--config.file=/etc/prometheus/prometheus.yaml");
    }

    /** The passwords are made by a line of shell: it runs here as it runs there, on other directories. */
    @Test
    void thePasswordsAreMadeOnceAndAreTheSameOnBothSides() throws IOException, InterruptedException {
        Path root = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "secrets-");
        String script = Compose.texts(COMPOSE.service("secrets"), "command")
                .get(0)
                .replace("$$", "$")
                .replaceAll(" /(mysql|grafana|shop)", " " + root + "/$1");
        for (String directory : List.of("mysql", "grafana", "shop")) {
            Files.createDirectory(root.resolve(directory));
        }

        assertThat(run(script)).isEmpty();
        String first = Files.readString(root.resolve("mysql/password"));
        assertThat(run(script)).isEmpty();

        assertThat(first).matches("[A-Za-z0-9_-]{32}");
        assertThat(root.resolve("mysql/password")).hasContent(first);
        assertThat(root.resolve("shop/spring.r2dbc.password")).hasContent(first);
        assertThat(Set.of(
                        first,
                        Files.readString(root.resolve("mysql/root-password")),
                        Files.readString(root.resolve("grafana/admin-password"))))
                .hasSize(3);
    }

    private static String run(String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bash", "-euc", script)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output : "exit " + process.exitValue() + ": " + output;
    }
}
