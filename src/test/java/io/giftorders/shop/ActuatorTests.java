package io.giftorders.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What an operator sees on the management port, and a load balancer on the main one. */
class ActuatorTests {

    private static Shop shop;
    private static WebTestClient management;

    @BeforeAll
    static void open() {
        shop = Shop.open("--gift-orders.placement.isolation=repeatable-read");
        management = WebTestClient.bindToServer()
                .baseUrl(shop.managementAddress())
                .responseTimeout(Duration.ofSeconds(30))
                .build();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void aShopWithADatabaseIsUp() {
        management
                .get()
                .uri("/actuator/health")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("UP")
                .jsonPath("$.components.r2dbc.status")
                .isEqualTo("UP");
    }

    @Test
    void infoNamesTheIsolationOfTheServerAndOfOrders() {
        String ofTheServer = shop.database()
                .sql("SELECT @@GLOBAL.transaction_isolation")
                .map(row -> row.get(0, String.class))
                .one()
                .block();

        management
                .get()
                .uri("/actuator/info")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.database.default_isolation")
                .isEqualTo(ofTheServer)
                .jsonPath("$.database.version")
                .isNotEmpty()
                .jsonPath("$.placement.isolation")
                .isEqualTo("REPEATABLE-READ")
                .jsonPath("$.placement.stock_update")
                .isEqualTo("at-least");
    }

    @Test
    void anOrderAndARefusalAreCounted() {
        long gift = shop.gift(1);

        shop.order(1, "{\"" + gift + "\": 1}", "the-first").block();
        shop.order(1, "{\"" + gift + "\": 1}", "the-first").block();
        shop.order(2, "{\"" + gift + "\": 1}").block();
        shop.order(3, "{\"999999\": 1}").block();

        assertThat(metrics())
                .contains("gift_orders_placed_total 1.0")
                .contains("gift_orders_replayed_total 1.0")
                .contains("gift_orders_refused_total{reason=\"out-of-stock\"} 1.0")
                .contains("gift_orders_refused_total{reason=\"unknown-gift\"} 1.0")
                .contains("gift_orders_batch_size_count 4")
                .contains("gift_orders_batch_size_bucket{le=\"256.0\"} 4")
                .contains("gift_orders_queue_wait_seconds_count 4")
                .contains("gift_orders_queue_depth 0.0")
                .containsPattern("gift_orders_commit_seconds_count [1-4]\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz"})
    void aLoadBalancerAsksOnTheMainPort(String probe) {
        shop.http()
                .get()
                .uri(probe)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.status")
                .isEqualTo("UP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/info", "/actuator/health", "/actuator/prometheus"})
    void theMainPortDoesNotShowTheInside(String path) {
        shop.http().get().uri(path).exchange().expectStatus().isNotFound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/env", "/actuator/heapdump", "/actuator/configprops", "/actuator/loggers"})
    void theManagementPortShowsNoSecrets(String path) {
        management.get().uri(path).exchange().expectStatus().isNotFound();
    }

    private static String metrics() {
        return management
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
    }
}
