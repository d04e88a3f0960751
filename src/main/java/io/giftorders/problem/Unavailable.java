package io.giftorders.problem;

import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** 503 with {@code Retry-After}: nothing is wrong with the request, and the same request may succeed soon. */
public class Unavailable extends Refusal {

    /** @param retryAfter when to come back; rounded up to whole seconds, at least one */
    public Unavailable(String name, Detail detail, Duration retryAfter) {
        super(HttpStatus.SERVICE_UNAVAILABLE, name, detail);
        long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
        getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }

    /** The database went away during a change, which may or may not stand. */
    public static Unavailable outcomeUnknown() {
        return new Unavailable("outcome-unknown", Detail.of("outcome-unknown.change"), Duration.ofSeconds(5));
    }

    /** The database cannot be reached or does not answer in time. */
    public static Unavailable database() {
        return new Unavailable("database-unavailable", Detail.of("database-unavailable"), Duration.ofSeconds(2));
    }
}
