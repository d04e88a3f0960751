package io.giftorders.gift;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
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
    void whateverClientsSayTheyHaveSeenOnlySomeFramesAreKept() {
        show(1_000);
        Object first = editions.after(0);

        for (int seen = 1; seen < 1_000; seen++) {
            editions.after(seen);
        }

        assertThat(editions.after(0)).isNotSameAs(first);
        assertThat(editions.after(999)).isSameAs(editions.after(999));
    }

    /** So many editions, each with one piece less of one gift. */
    private void show(int number) {
        for (long stock = number; stock > 0; stock--) {
            editions.add(List.of(new Gift(1, "Mug", new BigDecimal("9.90"), stock, 0, null, null, null, 0)));
        }
    }
}
