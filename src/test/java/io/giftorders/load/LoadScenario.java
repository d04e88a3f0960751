package io.giftorders.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the buyers of a run do. The README's table tells them apart. */
enum LoadScenario {
    HOT_GIFT(4_000),
    WIDE_CATALOGUE(1_500),
    CARTS(1_000),
    SOLD_OUT(2_500),
    RETRIES(400),
    PAYING(200),
    IMPATIENT(800);

    private static final String ALL = "all";

    private final int ordersPerSecond;

    /**
     * @param ordersPerSecond chosen: on two slow cores that shop, database and load share, the first is far
     *     more than they can do together, and the others about what they can do
     */
    LoadScenario(int ordersPerSecond) {
        this.ordersPerSecond = ordersPerSecond;
    }

    int ordersPerSecond() {
        return ordersPerSecond;
    }

    /** As the settings and the report call it, such as {@code hot-gift}. */
    String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * One scenario by its title, or all of them, one after the other.
     *
     * @throws IllegalArgumentException if there is no such scenario
     */
    static List<LoadScenario> named(String title) {
        if (title.equals(ALL)) {
            return List.of(values());
        }
        return Arrays.stream(values())
                .filter(one -> one.title().equals(title))
                .findFirst()
                .map(List::of)
                .orElseThrow(() -> new IllegalArgumentException("There is no scenario " + title + ": choose "
                        + Arrays.stream(values()).map(LoadScenario::title).collect(Collectors.joining(", "))
                        + " or all."));
    }
}
