package io.giftorders.ops;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code compose.yaml}, and the settings beside it that a deployment starts from. */
record Compose(Map<?, ?> document) {

    static final Path ENVIRONMENT = Expression.OPS.resolve("compose/gift-orders.env");

    static Compose read() {
        return new Compose((Map<?, ?>) Expression.yaml(Path.of("compose.yaml")));
    }

    Map<?, ?> services() {
        return (Map<?, ?>) Objects.requireNonNull(document.get("services"));
    }

    Map<?, ?> service(String name) {
        return (Map<?, ?>) Objects.requireNonNull(services().get(name), name);
    }

    /** A list of texts, or none. */
    static List<String> texts(Map<?, ?> service, String key) {
        Object found = service.get(key);
        return found == null
                ? List.of()
                : ((List<?>) found).stream().map(String::valueOf).toList();
    }

    /** What the service's process gets: the file of the deployment as it is in the repository, then what compose says. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        Expression.text(ENVIRONMENT)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(line ->
                        environment.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        ((Map<?, ?>) service("gift-orders").get("environment"))
                .forEach((name, value) -> environment.put(String.valueOf(name), String.valueOf(value)));
        return environment;
    }
}
