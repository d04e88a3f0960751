package io.giftorders.database;

import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The one place that waits for the database: the main thread, while the application starts and serves nobody yet. */
public final class AtStart {

    /** Chosen: longer than connecting with every retry takes, shorter than a person's patience. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * A pool hands out within half a second or not at all, which is right once it serves; while everything starts on a busy
     * machine the first connection takes longer. Chosen: some ten seconds together.
     */
    private static final Retry UNTIL_CONNECTED = Retry.fixedDelay(15, Duration.ofMillis(200))
            .filter(AtStart::isSlow)
            .onRetryExhaustedThrow((retry, last) -> last.failure());

    private AtStart() {}

    /** The pool's own failure may come wrapped; a server that cannot be reached is not slow, nor is one that answered. */
    private static boolean isSlow(Throwable failure) {
        return DatabaseFailure.code(failure) == 0
                && Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                        .anyMatch(R2dbcTimeoutException.class::isInstance);
    }

    /**
     * Waits for a result. What a pool cannot hand out in time is asked for again.
     *
     * @param otherwise the answer where there is none
     * @throws IllegalStateException after 30 seconds; else fails as the publisher fails
     */
    public static <T> T get(Mono<T> result, T otherwise) {
        return wait(result.retryWhen(UNTIL_CONNECTED).defaultIfEmpty(otherwise), PATIENCE);
    }

    /**
     * As {@link #get(Mono, Object)}, for a result that there is, with a patience of its own.
     *
     * @throws IllegalStateException once the patience is over; else fails as the publisher fails
     */
    public static <T> T get(Mono<T> result, Duration patience) {
        return wait(result.retryWhen(UNTIL_CONNECTED), patience);
    }

    private static <T> T wait(Mono<T> result, Duration patience) {
        return Objects.requireNonNull(result.block(patience));
    }

    /** One sentence that says what to set, where the failure is one that a setting mends. */
    public static Optional<String> remedy(Throwable failure) {
        return StartFailures.sentence(failure);
    }
}
