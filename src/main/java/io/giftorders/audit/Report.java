package io.giftorders.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an audit found.
 *
 * @param checkedAt by the database's clock: the moment whose state was read
 * @param orders orders there were at that moment
 * @param answers answers compared with them, or null where none were given
 * @param found differences by check, all of them; checks that found nothing are absent
 * @param differences the first of each check
 */
public record Report(
        Instant checkedAt, long orders, @Nullable Long answers, Map<String, Long> found, List<Difference> differences) {

    /** Whether nothing is wrong. */
    @JsonProperty
    public boolean balanced() {
        return found.isEmpty();
    }
}
