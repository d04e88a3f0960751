package io.giftorders.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.desk.Totals.Sum;
import io.giftorders.live.Listener;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** What operators see of the service at work. */
class FiguresTests {

    private static Shop shop;
    private static long gift;

    @BeforeAll
    static void open() {
        shop = Shop.open("--gift-orders.live.desk.max-watchers=2");
        gift = shop.gift(3);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void whatHappensIsInTheFigures() {
        try (Listener desk = Listener.ofDesk(shop)) {
            assertThat(desk.event(0).name()).isEqualTo("history");
            desk.event(1);

            for (int buyer = 1; buyer <= 5; buyer++) {
                shop.order(buyer, "{\"" + gift + "\": 1}").block();
            }
            Shop.await(() -> sum(desk, "placed") > 2.5 && sum(desk, "refused_in_all") > 1.5);

            // rates of seconds that are a little longer than one
            assertThat(sum(desk, "placed")).isBetween(2.5, 3.5);
            assertThat(sum(desk, "refused_in_all")).isBetween(1.5, 2.5);
            assertThat(figures(desk))
                    .filteredOn(second -> second.get("refused_in_all").asDouble() > 0)
                    .allSatisfy(second ->
                            assertThat(second.get("refused").propertyNames()).containsExactly("out-of-stock"));
            assertThat(figures(desk))
                    .filteredOn(second -> second.get("placed").asDouble() > 0)
                    .allSatisfy(second -> {
                        assertThat(second.get("batch_size").asDouble()).isGreaterThanOrEqualTo(1);
                        assertThat(second.get("slowest_millis").asDouble())
                                .isGreaterThanOrEqualTo(
                                        second.get("answer_millis").asDouble() - 0.1);
                    });
        }
    }

    @Test
    void whoComesLaterSeesTheMinutesBefore() {
        try (Listener early = Listener.ofDesk(shop)) {
            early.event(2);
            try (Listener late = Listener.ofDesk(shop)) {
                JsonNode history = late.event(0).data();

                assertThat(late.event(0).name()).isEqualTo("history");
                assertThat(history.valueStream().map(second -> second.get("at").asString()))
                        .isSorted()
                        .contains(early.event(1).data().get("at").asString());
                assertThat(late.event(1).name()).isEqualTo("figures");
                assertThat(late.event(1).data().get("at").asString())
                        .isGreaterThan(history.get(history.size() - 1).get("at").asString());
                Shop.await(() -> late.last().data().get("watchers").asLong() == 2);
            }
        }
    }

    @Test
    void oneMoreThanMayWatchIsTurnedAway() {
        try (Listener one = Listener.ofDesk(shop);
                Listener other = Listener.ofDesk(shop)) {
            one.event(0);
            other.event(0);

            Answer third = shop.call(HttpMethod.GET, "/desk/events", Shop.operator(), null)
                    .block();

            assertThat(third.status()).isEqualTo(503);
            assertThat(third.problem()).isEqualTo("too-many-watchers");
        }
        Shop.await(() -> shop.metric("gift.orders.live.watchers", "feed", "desk") == 0);
    }

    @Test
    void aStreamIsNoRequestThatTookLong() {
        try (Listener desk = Listener.ofDesk(shop)) {
            desk.event(0);
        }
        Shop.await(() -> shop.metric("gift.orders.live.watchers", "feed", "desk") == 0);

        assertThat(shop.metric("http.server.requests", "uri", "/desk/events", "status", "200"))
                .isZero();
    }

    @Test
    void ratesAreOfTheTimeThatPassed() {
        Totals before = totals(0, 100, Map.of("a", 5.0), new Sum(10, 50));
        Map<String, Double> refused = Map.of("a", 6.0, "b", 10.0, "c", 2.0, "d", 4.0, "e", 8.0, "f", 12.0, "g", 14.0);

        Figures figures = totals(2_000_000_000, 107, refused, new Sum(14, 62)).since(before);

        assertThat(figures.placed()).isEqualTo(3.5);
        assertThat(figures.batchSize()).isEqualTo(3.0);
        assertThat(figures.refused())
                .containsExactly(
                        Map.entry("g", 7.0),
                        Map.entry("f", 6.0),
                        Map.entry("b", 5.0),
                        Map.entry("e", 4.0),
                        Map.entry("d", 2.0));
        assertThat(figures.refusedInAll()).isEqualTo(25.5);
        assertThat(figures.answerMillis()).isNull();
        assertThat(figures.slowestMillis()).isNull();
    }

    /** Somebody sets the clock back an hour in every second. */
    private static Totals totals(long nanoTime, double placed, Map<String, Double> refused, Sum batches) {
        Instant at = Instant.parse("2030-01-31T12:00:00Z").minusSeconds(nanoTime / 1_000_000_000 * 3600);
        return new Totals(nanoTime, at, placed, 0, refused, 0, batches, new Sum(0, 0), new Sum(0, 0), 0, 0, 0, 0);
    }

    private static List<JsonNode> figures(Listener desk) {
        return desk.events().stream()
                .filter(event -> event.name().equals("figures"))
                .map(Listener.Event::data)
                .toList();
    }

    private static double sum(Listener desk, String member) {
        return figures(desk).stream()
                .mapToDouble(second -> second.get(member).asDouble())
                .sum();
    }
}
