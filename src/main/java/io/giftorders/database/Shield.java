package io.giftorders.database;

import io.giftorders.problem.Unavailable;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Stands between a client and the database. A client that hangs up does not cancel a statement under way: a cancel in the
 * wrong moment wedges the driver's connection (r2dbc-mysql issue 347) or leaves a transaction open
 * (spring-framework issue 36344). And a database that is away reaches the client as a 503.
 */
public final class Shield {

    private static final Logger log = LoggerFactory.getLogger(Shield.class);

    private static final AtomicLong lastReport = new AtomicLong(Long.MIN_VALUE);

    private Shield() {}

    /**
     * Lets the work run to its end once it is subscribed to, whether or not somebody still waits for it.
     *
     * @return the same result; fails with {@link Unavailable} where the database cannot be reached or is overrun
     */
    public static <T> Mono<T> around(Mono<T> work) {
        return uncancelled(work)
                .doOnError(Shield::isTemporary, Shield::report)
                .onErrorMap(Shield::isTemporary, failure -> Unavailable.database());
    }

    /**
     * As {@link #around}, for a change that is not looked up by itself: where the connection breaks it may or may not
     * stand.
     */
    public static <T> Mono<T> aroundChange(Mono<T> change) {
        return uncancelled(change)
                .doOnError(Shield::isTemporary, Shield::report)
                .onErrorMap(
                        Shield::isTemporary,
                        failure -> DatabaseFailure.of(failure) == DatabaseFailure.CONFLICT
                                ? Unavailable.database()
                                : Unavailable.outcomeUnknown());
    }

    /** As {@link #around}, but fails as the work fails. */
    public static <T> Mono<T> uncancelled(Mono<T> work) {
        return Mono.deferContextual(
                context -> Mono.fromFuture(work.contextWrite(context).toFuture(), true));
    }

    private static boolean isTemporary(Throwable failure) {
        return DatabaseFailure.of(failure).isTemporary();
    }

    /** A line a second says as much as one for every request that fails meanwhile. */
    private static void report(Throwable failure) {
        long second = System.nanoTime() / 1_000_000_000;
        if (lastReport.getAndSet(second) != second) {
            log.atWarn().addKeyValue("cause", DatabaseFailure.summary(failure)).log("database unavailable");
        }
    }
}
