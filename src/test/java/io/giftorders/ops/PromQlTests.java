package io.giftorders.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.ops.PromQl.Condition;
import io.giftorders.ops.PromQl.Selector;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromQlTests {

    @Test
    void aMetricAloneIsASelector() {
        assertThat(PromQl.read("up").selectors()).containsExactly(new Selector("up", List.of()));
    }

    @Test
    void functionsAndAggregationsAreNone() {
        PromQl query = PromQl.read("histogram_quantile(0.99, sum by (le, method) (rate(calls_seconds_bucket[5m])))");

        assertThat(query.selectors()).containsExactly(new Selector("calls_seconds_bucket", List.of()));
        assertThat(query.grouping()).containsExactly("le", "method");
    }

    @Test
    void conditionsKeepTheirOperators() {
        assertThat(PromQl.read("a_total{x=\"1\", y!~\"/actuator.*\",z=~\"b|c\"} > 0.5")
                        .selectors())
                .containsExactly(new Selector(
                        "a_total",
                        List.of(
                                new Condition("x", "=", "1"),
                                new Condition("y", "!~", "/actuator.*"),
                                new Condition("z", "=~", "b|c"))));
    }

    @Test
    void everySideOfAnOperatorIsRead() {
        PromQl query =
                PromQl.read("a{x=\"1\"} / on (instance) group_left (name) b and sum(c) == 0 or absent(d) unless e");

        assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a", "b", "c", "d", "e");
        assertThat(query.grouping()).containsExactly("instance", "name");
    }

    @Test
    void groupingMayComeLast() {
        PromQl query = PromQl.read("1000 * max(a) by (kind) - 5m");

        assertThat(query.selectors()).extracting(Selector::metric).containsExactly("a");
        assertThat(query.grouping()).containsExactly("kind");
    }

    @Test
    void onlyPlainValuesAreWanted() {
        assertThat(new Condition("x", "=", "a.b").wanted()).containsExactly("a.b");
        assertThat(new Condition("x", "=~", "a|b").wanted()).containsExactly("a", "b");
        assertThat(new Condition("x", "=~", "a.*|b").wanted()).isEmpty();
        assertThat(new Condition("x", "!=", "a").wanted()).isEmpty();
    }

    @Test
    void whatItCannotReadItRefuses() {
        assertThatThrownBy(() -> PromQl.read("rate(a[$interval])")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PromQl.read("sum by le (a)")).isInstanceOf(IllegalArgumentException.class);
    }
}
