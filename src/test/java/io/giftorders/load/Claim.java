package io.giftorders.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run must show. Each is a line of the report, and one that does not hold fails the run. */
enum Claim {
    BOOKS("the books balance, every acknowledged order in them", null),
    ANSWERS("every answer is an order, 409 with its reason or 503 with Retry-After", null),
    PLACED("what was acknowledged is in the database, and something was", null),
    SOLD_OUT("sold-out: every piece is sold once", LoadScenario.SOLD_OUT),
    ONE_ORDER("retries: one order for each key", LoadScenario.RETRIES),
    PAYMENTS("paying: who paid has a paid order", LoadScenario.PAYING),
    AFTERWARDS("impatient: the shop answers as usual afterwards", LoadScenario.IMPATIENT);

    private final String sentence;
    private final @Nullable LoadScenario only;

    /** @param only the scenario it is about; null if it is about all */
    Claim(String sentence, @Nullable LoadScenario only) {
        this.sentence = sentence;
        this.only = only;
    }

    /** As the report calls it. */
    String sentence() {
        return sentence;
    }

    /** The claims of a run of these scenarios. */
    static List<Claim> of(List<LoadScenario> scenarios) {
        return List.of(values()).stream()
                .filter(claim -> scenarios.stream().anyMatch(claim::isAbout))
                .toList();
    }

    boolean isAbout(LoadScenario scenario) {
        return only == null || only == scenario;
    }
}
