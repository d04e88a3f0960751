package io.giftorders.live;

import io.giftorders.problem.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Those who watch one subject, such as the stock, and how many of them there may be. */
public final class Feed {

    private final int maxWatchers;
    private final BooleanSupplier stopping;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<EventLoop, Home> homes = new ConcurrentHashMap<>();
    private final Counter refused;
    private final Counter published;
    private final Counter gaveUp;

    Feed(String name, int maxWatchers, BooleanSupplier stopping, MeterRegistry registry) {
        this.maxWatchers = maxWatchers;
        this.stopping = stopping;
        Tags tags = Tags.of("feed", name);
        Gauge.builder("gift.orders.live.watchers", count::get)
                .description("Open streams of events")
                .tags(tags)
                .register(registry);
        this.refused = Counter.builder("gift.orders.live.refused")
                .description("Streams refused because there were too many")
                .tags(tags)
                .register(registry);
        this.published = Counter.builder("gift.orders.live.published")
                .description("Times that something new was shown to those who watch")
                .tags(tags)
                .register(registry);
        this.gaveUp = Counter.builder("gift.orders.live.stalled")
                .description("Streams closed because their client did not read")
                .tags(tags)
                .register(registry);
    }

    /**
     * The answer to a client that wants to watch.
     *
     * @param seen what it comes with, for {@link View#after}
     * @return a stream that ends when the client hangs up or the service stops; fails with {@link TooManyWatchers}, and
     *     with 503 {@code stopping}
     */
    public Mono<ServerResponse> watch(View view, long seen) {
        return watch(view, seen, Instant.MAX);
    }

    /**
     * As {@link #watch(View, long)}.
     *
     * @param until when the stream ends by itself
     */
    public Mono<ServerResponse> watch(View view, long seen, Instant until) {
        return Mono.defer(() -> {
            if (stopping.getAsBoolean()) {
                return Mono.error(Feeds.stopped());
            }
            return count.get() < maxWatchers
                    ? Mono.just(new EventStream(this, view, seen, until))
                    : Mono.error(refuse());
        });
    }

    /** Counts a refusal, and makes it. */
    public Refusal refuse() {
        refused.increment();
        return new TooManyWatchers();
    }

    /** Tells those who watch that their views have something new. */
    public void publish() {
        published.increment();
        each(Watcher::show);
    }

    public boolean isWatched() {
        return count.get() > 0;
    }

    public int watchers() {
        return count.get();
    }

    boolean isStopping() {
        return stopping.getAsBoolean();
    }

    void each(Predicate<Watcher> write) {
        homes.values().forEach(home -> home.each(write));
    }

    /** On the watcher's event loop. */
    void add(Watcher watcher) {
        count.incrementAndGet();
        homes.computeIfAbsent(watcher.loop(), Home::new).add(watcher);
    }

    /** On the watcher's event loop. */
    void remove(Watcher watcher) {
        Home home = homes.get(watcher.loop());
        if (home != null) {
            home.remove(watcher);
        }
        count.decrementAndGet();
    }

    void gaveUp() {
        gaveUp.increment();
    }
}
