package io.giftorders.work;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Work that is done in rounds when there is some: a nudge begins one, at once or when the last one began long enough ago.
 * What comes meanwhile is done in the next. Besides, every so often a thorough round looks for what nobody nudged about.
 */
public final class Rounds implements SmartLifecycle {

    /** As {@link Recurring}. */
    private static final int PHASE = 0;

    private static final Duration STOP_CHECK = Duration.ofMillis(20);

    private final String name;
    private final Supplier<Duration> every;
    private final Duration thoroughEvery;
    private final Round round;
    private final AtomicInteger nudges = new AtomicInteger();
    private volatile boolean thorough;
    private volatile boolean busy;
    private volatile long lastBegun;
    private volatile @Nullable Disposable clock;

    /** What is done. */
    public interface Round {

        /** @param thorough whether to look for what nobody nudged about, too */
        Mono<Void> run(boolean thorough);
    }

    /**
     * @param name what the log calls it
     * @param every from the beginning of a round to the beginning of the next, at the least; asked before each round
     * @param thoroughEvery how often a round is thorough
     * @param round must end by itself; what fails is reported in a line, and is to be found by a thorough round
     */
    public Rounds(String name, Supplier<Duration> every, Duration thoroughEvery, Round round) {
        this.name = name;
        this.every = every;
        this.thoroughEvery = thoroughEvery;
        this.round = round;
        this.lastBegun = System.nanoTime() - every.get().toNanos();
    }

    /** There is something to do. Costs next to nothing where a round is about to begin anyway. */
    public void nudge() {
        if (nudges.getAndIncrement() == 0) {
            schedule();
        }
    }

    private void schedule() {
        long wait = lastBegun + every.get().toNanos() - System.nanoTime();
        Schedulers.parallel().schedule(this::begin, Math.max(0, wait), TimeUnit.NANOSECONDS);
    }

    private void begin() {
        busy = true;
        int answered = nudges.get();
        boolean wholly = thorough;
        thorough = false;
        lastBegun = System.nanoTime();
        Mono.defer(() -> isRunning() ? round.run(wholly) : Mono.empty())
                .onErrorResume(failure -> Recurring.report(name, failure))
                .subscribe(nothing -> {}, bug -> over(answered), () -> over(answered));
    }

    private void over(int answered) {
        busy = false;
        if (nudges.addAndGet(-answered) != 0) {
            schedule();
        }
    }

    @Override
    public void start() {
        clock = Flux.interval(thoroughEvery)
                .onBackpressureDrop()
                .doOnNext(tick -> {
                    thorough = true;
                    nudge();
                })
                .retry()
                .subscribe();
    }

    /** Begins no more rounds and comes back once the one under way is over. */
    @Override
    public void stop(Runnable callback) {
        Disposable running = clock;
        clock = null;
        if (running != null) {
            running.dispose();
        }
        Flux.interval(Duration.ZERO, STOP_CHECK)
                .takeUntil(tick -> !busy)
                .doFinally(end -> callback.run())
                .subscribe();
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        return clock != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
