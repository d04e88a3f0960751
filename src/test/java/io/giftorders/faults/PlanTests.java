package io.giftorders.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanTests {

    @Test
    void aSeedRepeatsItsPlan() {
        assertThat(LongStream.rangeClosed(1, 100)).allSatisfy(seed -> assertThat(Plan.of(seed))
                .isEqualTo(Plan.of(seed))
                .hasToString(Plan.of(seed).toString()));
    }

    @Test
    void everySeedHasAnotherPlan() {
        assertThat(plans().map(Plan::events)).doesNotHaveDuplicates();
        assertThat(plans().map(Plan::instances).collect(Collectors.toSet())).containsExactlyInAnyOrder(1, 2);
        assertThat(plans().map(Plan::resolveFor).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Duration.ofSeconds(1), Duration.ofSeconds(15));
    }

    @Test
    void everyPlanHasEveryHeavyDisasterWithinItsTime() {
        assertThat(plans()).allSatisfy(plan -> {
            assertThat(plan.events().stream()
                            .map(event -> event.disaster().getClass().getSimpleName()))
                    .contains("KillService", "StopService", "FreezeService", "KillDatabase", "FreezeDatabase");
            assertThat(plan.events())
                    .isSortedAccordingTo(Comparator.comparing(Plan.Event::at))
                    .allSatisfy(event -> assertThat(event.at()).isLessThan(plan.length()));
        });
    }

    @Test
    void allPlansTogetherHaveEveryDisaster() {
        assertThat(plans().flatMap(plan -> plan.events().stream())
                        .<Class<?>>map(event -> event.disaster().getClass())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Disaster.class.getPermittedSubclasses());
    }

    @Test
    void aPlanSaysWhatHappensWhenOnALineEach() {
        Plan plan = Plan.of(7);

        assertThat(plan.toString().lines())
                .hasSize(1 + plan.events().size())
                .first()
                .isEqualTo("seed 7, " + plan.length().toSeconds() + " s, " + plan.instances()
                        + " of the service, COMMIT asked for "
                        + plan.resolveFor().toSeconds() + " s");
        assertThat(plan.toString().lines().skip(1)).allMatch(line -> line.matches(" *\\d+\\.\\d{3} s {2}\\S.*"));
    }

    @Test
    void seedsAreNumbersAndRanges() {
        assertThat(Seeds.read("3, 5,8..10")).containsExactly(3L, 5L, 8L, 9L, 10L);
    }

    private static Stream<Plan> plans() {
        return LongStream.rangeClosed(1, 200).mapToObj(seed -> Plan.of(seed));
    }
}
