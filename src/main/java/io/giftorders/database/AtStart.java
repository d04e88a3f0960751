package io.giftorders.database;

import io.r2dbc.spi.R2dbcTimeoutException;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The one place that waits for the database: the main thread, while the application starts and serves nobody yet. */
public final class AtStart {

    /** Chosen: longer than connecting with every retry takes, shorter than a person's patience. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Chosen: ten times half a second, on a cold and busy machine; a database that refuses is not asked again. */
    private static final int MAX_LATE_CONNECTIONS = 10;

    private AtStart() {}

    /**
     * Waits for a result.
     *
     * @param otherwise the answer where there is none
     * @throws IllegalStateException after 30 seconds; else fails as the publisher fails
     */
    public static <T> T get(Mono<T> result, T otherwise) {
        return Objects.requireNonNull(result.defaultIfEmpty(otherwise)
                .retryWhen(Retry.max(MAX_LATE_CONNECTIONS)
                        .filter(AtStart::isLate)
                        .onRetryExhaustedThrow((spec, signal) -> signal.failure()))
                .block(PATIENCE));
    }

    /** The pool's patience is made for a service that is warm. */
    private static boolean isLate(Throwable failure) {
        return failure instanceof R2dbcTimeoutException || failure.getCause() instanceof R2dbcTimeoutException;
    }
}
