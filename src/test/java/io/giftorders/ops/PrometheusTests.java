package io.giftorders.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real Prometheus reads a real shop, and knows what to make of dashboard and rules. */
class PrometheusTests {

    private static Shop shop;
    private static Prometheus prometheus;

    @BeforeAll
    static void open() {
        EventfulShop eventful = EventfulShop.open();
        shop = eventful.shop();
        try {
            prometheus = Prometheus.watching(shop);
        } catch (RuntimeException notInstalled) {
            shop.close();
            throw notInstalled;
        }
        // an increase is seen between two looks
        prometheus.awaitScrapes(2);
        eventful.everything();
        prometheus.awaitScrapes(3);
    }

    @AfterAll
    static void close() {
        if (prometheus != null) {
            prometheus.close();
            shop.close();
        }
    }

    static Stream<Expression> panels() {
        return Expression.ofDashboard().stream();
    }

    @ParameterizedTest
    @MethodSource("panels")
    void aPanelShowsSomething(Expression expression) {
        assertThat(prometheus.query(expression.query())).as(expression.query()).isNotEmpty();
    }

    static Stream<Expression> alerts() {
        return Expression.ofAlerts().stream();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void aRuleIsAnExpression(Expression expression) {
        assertThat(prometheus.query(expression.query()).isArray()).isTrue();
    }

    @Test
    void everyRuleIsEvaluated() {
        Shop.await(() -> prometheus.rules().stream()
                .noneMatch(rule -> rule.get("health").asString().equals("unknown")));

        assertThat(prometheus.rules())
                .hasSameSizeAs(Expression.rules())
                .allSatisfy(rule -> assertThat(rule.get("health").asString()).isEqualTo("ok"));
    }

    @Test
    void aDiscrepancyIsToldAndAHealthyInstanceIsNot() {
        Shop.await(() -> prometheus.rules().stream()
                .anyMatch(rule -> rule.get("name").asString().equals("Discrepancy")
                        && rule.get("state").asString().equals("firing")));

        assertThat(prometheus.rules())
                .filteredOn(rule -> rule.get("name").asString().equals("InstanceDown"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.get("state").asString()).isEqualTo("inactive"));
    }

    @Test
    void theRulesAreRules() {
        assertThat(Prometheus.tool("check", "rules", Expression.ALERTS.toString()))
                .contains("SUCCESS");
    }

    @Test
    void theRulesTellWhatTheyShould() {
        assertThat(Prometheus.tool(
                        "test",
                        "rules",
                        Expression.OPS.resolve("prometheus/alerts-test.yaml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void theConfigurationIsOne() {
        assertThat(Prometheus.tool(
                        "check",
                        "config",
                        Expression.OPS.resolve("prometheus/prometheus.yaml").toString()))
                .contains("SUCCESS");
    }
}
