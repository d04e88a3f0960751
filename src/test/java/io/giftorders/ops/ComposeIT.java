package io.giftorders.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.identity.TestIssuer;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.reactive.function.client.WebClient;

/** The packaged service under the environment that {@code compose.yaml} gives it; only hosts and directories are others. */
class ComposeIT {

    @Test
    void theServiceSellsUnderTheEnvironmentOfComposeAndPrometheusFindsItsMetrics() throws IOException {
        Path deployment = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "deployment-");
        Path generated = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "generated-");
        Files.copy(Path.of(URI.create(TestIssuer.INSTANCE.publicKeyLocation())), deployment.resolve("issuer.pub.pem"));
        FileSystemUtils.copyRecursively(LocalAlipay.shared().keys(), deployment.resolve("alipay-keys"));
        Files.writeString(
                generated.resolve("spring.r2dbc.password"),
                TestDatabase.shared().password());
        // shows that files of this directory are settings: this database takes any password
        Files.writeString(generated.resolve("gift-orders.placement.lanes"), "3");
        String database = TestDatabase.freshUrl();
        Shop.create(TestDatabase.shared(), database);

        try (ServiceProcess service = ServiceProcess.start(
                        environment(database, deployment, generated), ServiceProcess.QUICK_START)
                .untilReady()) {
            long gift = gift(service);
            assertThat(Shop.order(Shop.client(service.address()), 7, "{\"" + gift + "\": 1}", null)
                            .block()
                            .status())
                    .isEqualTo(201);
            assertThat(metrics(service))
                    .contains("gift_orders_placed_total 1.0\n")
                    .contains("gift_orders_lanes 3.0\n");
        }
    }

    private static Map<String, String> environment(String database, Path deployment, Path generated) {
        Map<String, String> environment = Compose.read().environment();
        environment.replaceAll((name, value) -> value.replace("/etc/gift-orders", deployment.toString())
                .replace("/run/generated", generated.toString()));
        environment.put("SPRING_R2DBC_URL", database.substring(0, database.indexOf('?')));
        environment.put("SPRING_R2DBC_USERNAME", TestDatabase.shared().username());
        return environment;
    }

    private static long gift(ServiceProcess service) {
        return ((Number) Shop.call(
                                Shop.client(service.address()),
                                HttpMethod.POST,
                                "/gifts",
                                Shop.operator(),
                                "{\"name\": \"Tea set\", \"price\": \"9.90\", \"stock\": 5}",
                                null)
                        .block()
                        .body()
                        .get("id"))
                .longValue();
    }

    /** Where the configuration of Prometheus looks for them. */
    private static String metrics(ServiceProcess service) {
        Map<?, ?> configuration = (Map<?, ?>) Expression.yaml(Expression.OPS.resolve("prometheus/prometheus.yaml"));
        Map<?, ?> job = (Map<?, ?>) ((List<?>) configuration.get("scrape_configs")).get(0);
        return WebClient.builder()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(-1))
                .build()
                .get()
                .uri(service.managementAddress() + job.get("metrics_path"))
                .retrieve()
                .bodyToMono(String.class)
                .block();
    }
}
