package io.giftorders.audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers what one audit finds: counts everything, keeps the first of each check. */
final class Findings {

    /** Chosen: enough to see what they have in common; fifteen checks come to some hundred kilobytes at the most. */
    static final long LISTED_OF_A_CHECK = 50;

    private final Map<String, Long> found = new LinkedHashMap<>();
    private final List<Difference> differences = new ArrayList<>();

    synchronized void add(Difference difference) {
        if (found.merge(difference.check(), 1L, Long::sum) <= LISTED_OF_A_CHECK) {
            differences.add(difference);
        }
    }

    synchronized Map<String, Long> found() {
        return new LinkedHashMap<>(found);
    }

    synchronized List<Difference> differences() {
        return List.copyOf(differences);
    }
}
