package io.giftorders.database;

import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The one place that waits for the database: the main thread, while the application starts and serves nobody yet. */
public final class AtStart {

    /** Chosen: longer than connecting with every retry takes, shorter than a person's patience. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Together with what each attempt waits, about ten seconds. */
    private static final int MAX_REPETITIONS = 10;

    private static final Duration PAUSE = Duration.ofMillis(500);

    private AtStart() {}

    /**
     * Waits for a result.
     *
     * @param otherwise the answer where there is none
     * @throws IllegalStateException after 30 seconds; else fails as the publisher fails
     */
    public static <T> T get(Mono<T> result, T otherwise) {
        return Objects.requireNonNull(result.retryWhen(Retry.fixedDelay(MAX_REPETITIONS, PAUSE)
                        .filter(AtStart::isSlow)
                        .onRetryExhaustedThrow((retry, last) -> last.failure()))
                .defaultIfEmpty(otherwise)
                .block(PATIENCE));
    }

    /** The first connection of a cold service on a busy machine may take longer than a client would wait for one. */
    private static boolean isSlow(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .anyMatch(cause -> cause instanceof R2dbcTimeoutException);
    }
}
