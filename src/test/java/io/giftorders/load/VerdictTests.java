package io.giftorders.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.recording.OrderAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** The harness can fail: each claim is broken by what it is to find. */
class VerdictTests {

    private static final Books BALANCED = new Books(true, Map.of(), List.of());

    @ParameterizedTest
    @EnumSource(LoadScenario.class)
    void whatGoesWellHolds(LoadScenario scenario) {
        Verdict verdict = Verdict.of(List.of(fine(scenario).build()), BALANCED);

        assertThat(verdict.lines()).allMatch(line -> line.startsWith("holds"));
        assertThat(Claim.of(List.of(scenario))).isNotEmpty().allMatch(verdict::holds);
        assertThat(verdict.holds()).isTrue();
    }

    @Test
    void booksThatDoNotBalanceAreToldWithTheirOrders() {
        Books books = Books.of(JsonMapper.shared().readTree("""
                {"checked_at": "2026-11-24T11:00:00Z", "orders": 5, "answers": 4, "balanced": false,
                 "found": {"lost-order": 2, "stock": 1},
                 "differences": [{"check": "lost-order", "order_code": "382994445445890049", "detail": "It is not there."},
                                 {"check": "stock", "detail": "Gift 13 has 1 too many."}]}
                """));

        Verdict verdict = Verdict.of(List.of(fine(LoadScenario.HOT_GIFT).build()), books);

        assertThat(verdict.holds(Claim.BOOKS)).isFalse();
        assertThat(verdict.lines())
                .contains(
                        "          3 differences: {lost-order=2, stock=1}",
                        "          lost-order 382994445445890049 It is not there.",
                        "          stock - Gift 13 has 1 too many.");
    }

    @Test
    void anAnswerThatIsNoneOfTheShopsBreaksTheRun() {
        Tally tally = new Tally();
        tally.sent();
        tally.heard(new OrderAnswer(1, "a", 201, "", "11"), 5, false);
        tally.heard(new OrderAnswer(1, "b", 409, "out-of-stock", ""), 5, false);
        tally.heard(new OrderAnswer(1, "c", 503, "overloaded", ""), 5, true);
        tally.heard(OrderAnswer.unheard(1, "d"), 0, false);
        assertThat(tally.unusual()).isEmpty();

        tally.heard(new OrderAnswer(1, "e", 503, "overloaded", ""), 5, false);
        tally.heard(new OrderAnswer(1, "f", 500, "internal-error", ""), 5, false);
        tally.heard(new OrderAnswer(1, "g", 201, "", ""), 5, false);
        tally.heard(new OrderAnswer(1, "h", 502, "", ""), 5, true);
        tally.heard(new OrderAnswer(1, "i", 401, "unauthorized", ""), 5, false);

        Outcomes broken = fine(LoadScenario.HOT_GIFT);
        broken.unusual = tally.unusual();
        assertThat(broken.unusual)
                .containsOnlyKeys("503 overloaded", "500 internal-error", "201", "502", "401 unauthorized")
                .containsValue(1L);
        assertBroken(broken, Claim.ANSWERS);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 99"})
    void fewerOrdersThanWereAcknowledgedOrNoneBreakTheRun(long acknowledged, long placed) {
        Outcomes broken = fine(LoadScenario.HOT_GIFT);
        broken.acknowledged = acknowledged;
        broken.placed = placed;

        assertBroken(broken, Claim.PLACED);
    }

    @ParameterizedTest
    @CsvSource({"26, 25, 75", "24, 24, 75", "25, 26, 75", "25, 25, 0"})
    void aSaleThatSellsMoreOrLessThanThereIsBreaksTheRun(long sold, long acknowledged, long refused) {
        Outcomes broken = fine(LoadScenario.SOLD_OUT);
        broken.pieces = 25;
        broken.sold = sold;
        broken.placed = Math.max(sold, acknowledged);
        broken.acknowledged = acknowledged;
        broken.answers = refused == 0 ? Map.of("201", 25L) : Map.of("201", 25L, "409 out-of-stock", refused);

        assertBroken(broken, Claim.SOLD_OUT);
    }

    @ParameterizedTest
    @CsvSource({"101, 0, 0", "100, 1, 0", "100, 0, 1"})
    void aKeyWithTwoOrdersOrNoneBreaksTheRun(long placed, long twoOrders, long gaveUp) {
        Outcomes broken = fine(LoadScenario.RETRIES);
        broken.placed = placed;
        broken.feats = Map.of(Feat.TWO_ORDERS, twoOrders, Feat.GAVE_UP, gaveUp);

        assertBroken(broken, Claim.ONE_ORDER);
    }

    @ParameterizedTest
    @CsvSource({"10, 9", "0, 0"})
    void aPaymentThatDoesNotArriveBreaksTheRun(long paid, long known) {
        Outcomes broken = fine(LoadScenario.PAYING);
        broken.feats = Map.of(Feat.PAID, paid, Feat.PAYMENT_KNOWN, known);

        assertBroken(broken, Claim.PAYMENTS);
    }

    @ParameterizedTest
    @CsvSource({"20, 19", "0, 0"})
    void aShopThatDoesNotAnswerAfterwardsBreaksTheRun(long came, long served) {
        Outcomes broken = fine(LoadScenario.IMPATIENT);
        broken.feats = Map.of(Feat.CAME_LATER, came, Feat.SERVED_LATER, served);

        assertBroken(broken, Claim.AFTERWARDS);
    }

    @Test
    void nothingIsClaimedOfARunWithoutAnEnd() {
        Verdict verdict = Verdict.unknown(List.of(Claim.BOOKS), "The shop does not answer.");

        assertThat(verdict.holds()).isFalse();
        assertThat(verdict.lines().get(1)).endsWith("The shop does not answer.");
    }

    @Test
    void halfOfTheAnswersCameWithinTheMedian() {
        Tally tally = new Tally();
        for (int millis = 1; millis <= 100; millis++) {
            tally.heard(new OrderAnswer(1, "k" + millis, 201, "", "1" + millis), millis, false);
        }

        assertThat(tally.percentile(0.5)).isEqualTo(50);
        assertThat(tally.percentile(0.99)).isEqualTo(99);
        assertThat(tally.acknowledged()).isEqualTo(100);
    }

    private static void assertBroken(Outcomes outcome, Claim claim) {
        Verdict verdict = Verdict.of(List.of(outcome.build()), BALANCED);

        assertThat(Claim.of(List.of(outcome.scenario)))
                .filteredOn(one -> !verdict.holds(one))
                .containsExactly(claim);
        assertThat(verdict.holds()).isFalse();
    }

    private static Outcomes fine(LoadScenario scenario) {
        return new Outcomes(scenario);
    }

    /** A run of a hundred orders that went well, to be spoilt. */
    private static final class Outcomes {

        private final LoadScenario scenario;
        private Map<String, Long> answers = Map.of("201", 100L, "409 out-of-stock", 20L);
        private Map<String, Long> unusual = Map.of();
        private long acknowledged = 100;
        private long placed = 100;
        private long pieces = 100;
        private long sold = 100;
        private Map<Feat, Long> feats =
                Map.of(Feat.PAID, 10L, Feat.PAYMENT_KNOWN, 10L, Feat.CAME_LATER, 20L, Feat.SERVED_LATER, 20L);

        private Outcomes(LoadScenario scenario) {
            this.scenario = scenario;
        }

        private Outcome build() {
            return new Outcome(
                    scenario, 100, answers, unusual, acknowledged, placed, pieces, sold, Duration.ofSeconds(10), feats);
        }
    }
}
