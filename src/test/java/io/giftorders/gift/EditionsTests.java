package io.giftorders.gift;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.live.Frame;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What is kept of what was shown. */
class EditionsTests {

    private final Editions editions = new Editions(new JsonMapper(), List.of());

    @Test
    void oneFrameIsForAllWhoSawTheSame() {
        show(3);

        assertThat(editions.after(2)).isSameAs(editions.after(2)).isNotSameAs(editions.after(1));
        assertThat(editions.after(3)).isNull();
    }

    @Test
    void whateverClientsSayTheyHaveSeenAFewFramesServeThemAll() {
        show(1_000);

        assertThat(LongStream.range(0, 1_000).mapToObj(editions::after).distinct())
                .hasSize(11);
    }

    /** A watcher may be told of more than it missed, never of less. */
    @Test
    void whoComesBackIsToldOfEverythingMissed() {
        for (long id = 1; id <= 100; id++) {
            editions.add(List.of(gift(id, 5)));
        }

        for (long seen = 0; seen < 100; seen++) {
            String told = text(editions.after(seen));
            for (long missed = seen + 1; missed <= 100; missed++) {
                assertThat(told).contains("event: gifts").contains("\"id\":" + missed + ",");
            }
        }
    }

    @Test
    void asManyAsOneEventHoldsAreSummedUp() {
        for (long first = 1; first <= 2_100; first += 300) {
            editions.add(LongStream.range(first, first + 300)
                    .mapToObj(id -> gift(id, 5))
                    .toList());
        }

        assertThat(text(editions.after(4)))
                .contains("event: gifts")
                .contains("\"id\":1201,")
                .contains("\"id\":2100,");
        assertThat(text(editions.after(3))).contains("event: reset");
    }

    @Test
    void nobodyIsToldOfWhatNobodyRemembers() {
        assertThat(text(editions.after(editions.seen("41")))).contains("event: reset");
        show(3);
        assertThat(text(editions.after(4))).contains("event: reset");
    }

    /** So many editions, each with one piece less of one gift. */
    private void show(int number) {
        for (long stock = number; stock > 0; stock--) {
            editions.add(List.of(gift(1, stock)));
        }
    }

    private static Gift gift(long id, long stock) {
        return new Gift(id, "Mug", new BigDecimal("9.90"), stock, 0, null, null, null, 0);
    }

    private static String text(@Nullable Frame frame) {
        return Objects.requireNonNull(frame).toString();
    }
}
