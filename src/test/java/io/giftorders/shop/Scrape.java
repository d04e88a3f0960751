package io.giftorders.shop;

import java.util.List;

/** What a service exports at one moment, in Prometheus' text format. */
public record Scrape(List<String> lines) {

    /** @param name of a metric, or as much of a sample with its labels as tells it from others */
    public double sum(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
