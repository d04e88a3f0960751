package io.giftorders.load;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What a run does, and to which shop; read from system properties, or from environment variables such as
 * {@code LOAD_RATE}. The README lists them.
 *
 * @param scenarios one, or several that run one after the other
 * @param shop where buyers order
 * @param management the shop's management port, where the books are checked
 * @param rate highest arrival rate, orders a second; each scenario has its own if empty
 * @param duration of each scenario
 * @param gifts in the catalogue of the scenarios with many gifts
 * @param buyers who order
 * @param stockShare of the orders of {@code sold-out}, how many find a piece
 * @param buyersFile a token a line, for a shop that gives none away
 * @param operatorFile a token with the operator's scope
 */
record LoadSettings(
        List<LoadScenario> scenarios,
        URI shop,
        URI management,
        Optional<Integer> rate,
        Duration duration,
        int gifts,
        int buyers,
        double stockShare,
        Optional<Path> buyersFile,
        Optional<Path> operatorFile) {

    /** Chosen: with the start and the check of the books, a run takes about a minute. */
    private static final Duration ONE = Duration.ofSeconds(40);

    private static final Duration ONE_OF_ALL = Duration.ofSeconds(8);

    /** Lines of a cart in {@code carts}. */
    static final int CART_LINES = 3;

    LoadSettings {
        require(rate.map(wanted -> wanted >= 1 && wanted <= 1_000_000).orElse(true), "load.rate", "1 to 1,000,000");
        require(
                duration.toSeconds() >= 2 && duration.equals(Duration.ofSeconds(duration.toSeconds())),
                "load.duration",
                "whole seconds, from 2s");
        require(gifts >= CART_LINES && gifts <= 100_000, "load.gifts", "3 to 100,000");
        require(buyers >= 1 && buyers <= 100_000, "load.buyers", "1 to 100,000");
        require(stockShare > 0 && stockShare < 1, "load.stock-share", "between 0 and 1");
        require(
                buyersFile.isPresent() == operatorFile.isPresent(),
                "load.buyers-file and load.operator-file",
                "both or none");
    }

    /** @throws IllegalArgumentException with a sentence that names the setting, if one is wrong */
    static LoadSettings of(Environment environment) {
        Binder settings = Binder.get(environment);
        List<LoadScenario> scenarios = LoadScenario.named(environment.getProperty("load", "hot-gift"));
        return new LoadSettings(
                scenarios,
                value(settings, "load.shop", URI.class).orElse(URI.create("http://127.0.0.1:8080")),
                value(settings, "load.management", URI.class).orElse(URI.create("http://127.0.0.1:8081")),
                value(settings, "load.rate", Integer.class),
                value(settings, "load.duration", Duration.class).orElse(scenarios.size() == 1 ? ONE : ONE_OF_ALL),
                value(settings, "load.gifts", Integer.class).orElse(1_000),
                value(settings, "load.buyers", Integer.class).orElse(2_000),
                value(settings, "load.stock-share", Double.class).orElse(0.25),
                value(settings, "load.buyers-file", Path.class),
                value(settings, "load.operator-file", Path.class));
    }

    /** Highest arrival rate of a scenario, orders a second. */
    double rate(LoadScenario scenario) {
        return rate.orElse(scenario.ordersPerSecond());
    }

    /** Pieces of the gift that runs out. */
    long scarceStock() {
        double orders = rate(LoadScenario.SOLD_OUT) * duration.toMillis() / 1_000;
        return Math.max(1, Math.round(orders * stockShare));
    }

    private static <T> Optional<T> value(Binder settings, String name, Class<T> type) {
        return Optional.ofNullable(settings.bind(name, type).orElse(null));
    }

    private static void require(boolean right, String name, String range) {
        if (!right) {
            throw new IllegalArgumentException("Set " + name + " to a value in its range: " + range + ".");
        }
    }
}
