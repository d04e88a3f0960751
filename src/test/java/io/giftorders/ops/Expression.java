package io.giftorders.ops;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A PromQL expression of the files in {@code src/ops}.
 *
 * @param where alert, or panel
 * @param query as Prometheus gets it: Grafana's variables have values
 * @param labels what the text beside it takes from the result
 */
record Expression(String where, String query, Set<String> labels) {

    static final Path OPS = Path.of("src", "ops");
    static final Path DASHBOARD = OPS.resolve("grafana/dashboards/gift-orders.json");
    static final Path ALERTS = OPS.resolve("prometheus/alerts.yaml");

    private static final Pattern OF_LEGEND = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    private static final Pattern OF_TEXT = Pattern.compile("\\$labels\\.(\\w+)");

    static JsonNode dashboard() {
        return JsonMapper.shared().readTree(text(DASHBOARD));
    }

    /** The panels that show something. */
    static List<JsonNode> panels() {
        return dashboard()
                .get("panels")
                .valueStream()
                .filter(panel -> !panel.get("type").asString().equals("row"))
                .toList();
    }

    static List<Expression> ofDashboard() {
        return panels().stream()
                .flatMap(panel -> panel.get("targets").valueStream().map(target -> ofTarget(panel, target)))
                .toList();
    }

    private static Expression ofTarget(JsonNode panel, JsonNode target) {
        return new Expression(
                panel.get("title").asString(),
                target.get("expr").asString().replace("$instance", ".*").replace("$__rate_interval", "1m"),
                found(OF_LEGEND, target.get("legendFormat").asString()));
    }

    static List<Map<?, ?>> rules() {
        Map<?, ?> file = (Map<?, ?>) yaml(ALERTS);
        return ((List<?>) file.get("groups"))
                .stream()
                        .flatMap(group -> ((List<?>) ((Map<?, ?>) group).get("rules")).stream())
                        .<Map<?, ?>>map(rule -> (Map<?, ?>) rule)
                        .toList();
    }

    static List<Expression> ofAlerts() {
        return rules().stream()
                .map(rule -> new Expression(
                        String.valueOf(rule.get("alert")),
                        String.valueOf(rule.get("expr")),
                        found(OF_TEXT, String.valueOf(rule.get("annotations")))))
                .toList();
    }

    static Object yaml(Path file) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(text(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toSet());
    }
}
