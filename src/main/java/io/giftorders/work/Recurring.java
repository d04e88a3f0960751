package io.giftorders.work;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.problem.Refusal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Work that comes back by itself while the service runs. A round starts when the one before is over and the pause has
 * passed, at once where there was more to do; what fails is reported in a line and comes back with the next round.
 */
public final class Recurring implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Recurring.class);

    /** Stops after the web server, and before the connection pools close. */
    private static final int PHASE = 0;

    private static final Duration STOP_CHECK = Duration.ofMillis(20);

    private final String name;
    private final Duration pause;
    private final Supplier<Mono<Boolean>> round;
    private final int lanes;
    private final AtomicInteger busy = new AtomicInteger();
    private volatile @Nullable Disposable rounds;

    /**
     * @param name what the log calls it
     * @param pause between two rounds
     * @param lanes rounds that run at once: what holds one up does not hold up the others
     * @param round does a piece of what is to be done now, and says whether there is more; must end by itself
     */
    public Recurring(String name, Duration pause, int lanes, Supplier<Mono<Boolean>> round) {
        this.name = name;
        this.pause = pause;
        this.lanes = lanes;
        this.round = round;
    }

    @Override
    public void start() {
        rounds = Flux.range(0, lanes)
                .flatMap(lane -> Mono.delay(pause).then(Mono.defer(this::once)).repeat(), lanes)
                .subscribe();
    }

    private Mono<Void> once() {
        return Mono.defer(this::untilDone)
                .onErrorResume(failure -> report(name, failure))
                .doFirst(busy::incrementAndGet)
                .doFinally(end -> busy.decrementAndGet());
    }

    private Mono<Void> untilDone() {
        return Mono.defer(() -> isRunning() ? round.get() : Mono.just(false))
                .repeat()
                .takeWhile(more -> more)
                .then();
    }

    /** A line for what failed, a stack trace for a bug. */
    static Mono<Void> report(String name, Throwable failure) {
        boolean known = failure instanceof Refusal || DatabaseFailure.of(failure) != DatabaseFailure.BUG;
        if (known) {
            log.atWarn()
                    .addKeyValue("work", name)
                    .addKeyValue("cause", DatabaseFailure.summary(failure))
                    .log("recurring work put off");
        } else {
            log.atError().addKeyValue("work", name).setCause(failure).log("recurring work failed unexpectedly");
        }
        return Mono.empty();
    }

    /** Begins no more rounds and comes back once the one under way is over. */
    @Override
    public void stop(Runnable callback) {
        Disposable running = rounds;
        rounds = null;
        Flux.interval(Duration.ZERO, STOP_CHECK)
                .takeUntil(tick -> busy.get() == 0)
                .doFinally(end -> {
                    if (running != null) {
                        running.dispose();
                    }
                    callback.run();
                })
                .subscribe();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return rounds != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
