package io.giftorders.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What makes a dashboard and a rule fit to be read at night. */
class DashboardTests {

    private static final int COLUMNS = 24;

    @Test
    void everyPanelHasItsPlaceAndItsNumber() {
        Set<String> taken = new TreeSet<>();
        List<Integer> ids = new ArrayList<>();
        for (JsonNode panel : Expression.dashboard().get("panels")) {
            ids.add(panel.get("id").asInt());
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(COLUMNS);
            for (int x = 0; x < place.get("w").asInt(); x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    String cell =
                            (place.get("x").asInt() + x) + "/" + (place.get("y").asInt() + y);
                    assertThat(taken.add(cell))
                            .as(panel.get("title") + " at " + cell)
                            .isTrue();
                }
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void everyPanelSaysWhatItShowsAndInWhatUnit() {
        assertThat(Expression.panels()).allSatisfy(panel -> {
            assertThat(panel.get("title").asString()).isNotBlank();
            assertThat(panel.get("description").asString()).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asString("")).isNotBlank();
            assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
        });
    }

    @Test
    void everySeriesOfAPanelIsOfTheInstancesThatAreChosen() {
        assertThat(Expression.ofDashboard())
                .filteredOn(one -> !one.query().contains("up{"))
                .allSatisfy(one -> assertThat(PromQl.read(one.query()).selectors())
                        .allSatisfy(selector ->
                                assertThat(selector.labels()).contains(new PromQl.Condition("instance", "=~", ".*"))));
    }

    @Test
    void everyRuleSaysHowBadItIsAndWhatToDo() {
        assertThat(Expression.rules()).hasSizeGreaterThan(10).allSatisfy(rule -> {
            Map<?, ?> texts = (Map<?, ?>) rule.get("annotations");
            assertThat(rule.containsKey("for")).isTrue();
            assertThat(((Map<?, ?>) rule.get("labels")).get("severity")).isIn("critical", "warning");
            assertThat(String.valueOf(texts.get("summary"))).isNotBlank().hasSizeLessThan(100);
            assertThat(String.valueOf(texts.get("description"))).hasSizeGreaterThan(80);
        });
        assertThat(Expression.rules()).extracting(rule -> rule.get("alert")).doesNotHaveDuplicates();
    }
}
