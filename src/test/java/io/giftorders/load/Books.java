package io.giftorders.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What the shop's audit said.
 *
 * @param balanced whether nothing is wrong, the answers included
 * @param found differences by check, all of them
 * @param differences the first of them, a sentence each
 */
record Books(boolean balanced, Map<String, Long> found, List<String> differences) {

    /** Reads the answer of {@code /actuator/books}. */
    static Books of(JsonNode report) {
        Map<String, Long> found = new TreeMap<>();
        report.get("found")
                .properties()
                .forEach(one -> found.put(one.getKey(), one.getValue().asLong()));
        List<String> differences = report.get("differences").values().stream()
                .map(one -> one.get("check").asString() + " "
                        + one.path("order_code").asString("-") + " "
                        + one.get("detail").asString())
                .toList();
        return new Books(report.get("balanced").asBoolean(), found, differences);
    }

    /** How many differences there are. */
    long count() {
        return found.values().stream().mapToLong(Long::longValue).sum();
    }
}
