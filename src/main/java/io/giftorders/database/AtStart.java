package io.giftorders.database;

import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** The one place that waits for the database: the main thread, while the application starts and serves nobody yet. */
public final class AtStart {

    /** Chosen: longer than connecting with every retry takes, shorter than a person's patience. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private AtStart() {}

    /**
     * Waits for a result.
     *
     * @param otherwise the answer where there is none
     * @throws IllegalStateException after 30 seconds; else fails as the publisher fails
     */
    public static <T> T get(Mono<T> result, T otherwise) {
        return Objects.requireNonNull(result.defaultIfEmpty(otherwise).block(PATIENCE));
    }
}
