package io.giftorders.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.ops.PromQl.Condition;
import io.giftorders.ops.PromQl.Selector;
import io.giftorders.shop.Shop;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.reactive.function.client.WebClient;

/** Dashboard and alert rules ask for what a service really shows, after everything has happened in it. */
class ExportedMetricsTests {

    /** What whoever reads the metrics adds to each. */
    private static final Set<String> ADDED = Set.of("job", "instance");

    private static final Pattern PROBLEM = Pattern.compile("/problems/([a-z-]+)");

    private static Shop shop;
    private static Exposition exposition;

    @BeforeAll
    static void open() {
        EventfulShop eventful = EventfulShop.open();
        shop = eventful.shop();
        eventful.everything();
        exposition = Exposition.read(WebClient.builder()
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(-1))
                .build()
                .get()
                .uri(shop.managementAddress() + "/actuator/prometheus")
                .retrieve()
                .bodyToMono(String.class)
                .block());
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    static Stream<Expression> expressions() {
        return Stream.concat(Expression.ofDashboard().stream(), Expression.ofAlerts().stream());
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void anExpressionReadsMetricsAndLabelsThatAreThere(Expression expression) {
        PromQl query = PromQl.read(expression.query());

        assertThat(query.selectors()).isNotEmpty();
        query.selectors().stream()
                .filter(selector -> !selector.metric().equals("up"))
                .forEach(ExportedMetricsTests::assertExported);
        assertThat(labels(query.selectors())).containsAll(query.grouping());
    }

    @ParameterizedTest
    @MethodSource("expressions")
    void theTextBesideAnExpressionNamesLabelsOfItsResult(Expression expression) {
        PromQl query = PromQl.read(expression.query());

        boolean grouped =
                expression.query().contains("sum") || expression.query().contains("max");
        assertThat(grouped ? query.grouping() : labels(query.selectors())).containsAll(expression.labels());
    }

    private static void assertExported(Selector selector) {
        assertThat(exposition.has(selector.metric())).as(selector.metric()).isTrue();
        assertThat(labels(List.of(selector)))
                .as(selector.metric())
                .containsAll(selector.labels().stream().map(Condition::label).toList());
        for (Condition condition : selector.labels()) {
            if (!ADDED.contains(condition.label())) {
                assertThat(known(selector.metric(), condition.label()))
                        .as(selector.metric() + " " + condition.label())
                        .containsAll(condition.wanted());
            }
        }
    }

    /** Not every problem can be had here: what the reference of the calls names is one. */
    private static Set<String> known(String metric, String label) {
        Set<String> known = new TreeSet<>(exposition.values(metric, label));
        if (label.equals("reason")) {
            PROBLEM.matcher(Expression.text(Path.of("src", "main", "resources", "openapi.yaml")))
                    .results()
                    .forEach(problem -> known.add(problem.group(1)));
        }
        return known;
    }

    private static Set<String> labels(List<Selector> selectors) {
        Set<String> labels = new TreeSet<>(ADDED);
        selectors.forEach(selector -> labels.addAll(exposition.labels(selector.metric())));
        return labels;
    }
}
