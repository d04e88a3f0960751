package io.giftorders.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a service shows to Prometheus, in its text format.
 *
 * @param series the labels of every series, by the name of the metric
 */
record Exposition(Map<String, List<Map<String, String>>> series) {

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Exposition read(String text) {
        Map<String, List<Map<String, String>>> series = new HashMap<>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new IllegalArgumentException("no sample: " + line);
            }
            Map<String, String> labels = new HashMap<>();
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(one -> labels.put(one.group(1), one.group(2)));
            }
            series.computeIfAbsent(sample.group(1), name -> new ArrayList<>()).add(labels);
        });
        return new Exposition(series);
    }

    boolean has(String metric) {
        return series.containsKey(metric);
    }

    Set<String> labels(String metric) {
        Set<String> labels = new TreeSet<>();
        series.getOrDefault(metric, List.of()).forEach(one -> labels.addAll(one.keySet()));
        return labels;
    }

    Set<String> values(String metric, String label) {
        Set<String> values = new TreeSet<>();
        series.getOrDefault(metric, List.of()).stream()
                .filter(one -> one.containsKey(label))
                .forEach(one -> values.add(one.get(label)));
        return values;
    }
}
