package io.giftorders.live;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Unavailable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** Every feed there is: their heartbeats, and their end. */
@Component
public final class Feeds implements SmartLifecycle {

    /** Stops first of all: the web server, which waits for answers under way, would wait for streams in vain. */
    private static final int PHASE = DEFAULT_PHASE;

    private final MeterRegistry registry;
    private final Duration heartbeat;
    private final List<Feed> feeds = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    private volatile @Nullable Disposable heartbeats;

    Feeds(MeterRegistry registry, LiveProperties properties) {
        this.registry = registry;
        this.heartbeat = properties.heartbeat();
    }

    /**
     * A new feed.
     *
     * @param name for metrics
     * @param maxWatchers more at once are refused
     */
    public Feed open(String name, int maxWatchers) {
        Feed feed = new Feed(name, maxWatchers, () -> stopping, registry);
        feeds.add(feed);
        return feed;
    }

    static Unavailable stopped() {
        return new Unavailable("stopping", Detail.of("stopping.stream"), Duration.ofSeconds(1));
    }

    @Override
    public void start() {
        heartbeats = Flux.interval(heartbeat)
                .onBackpressureDrop()
                .doOnNext(beat -> feeds.forEach(feed -> feed.each(Watcher::beat)))
                .retry()
                .subscribe();
    }

    @Override
    public void stop() {
        stopping = true;
        Disposable running = heartbeats;
        heartbeats = null;
        if (running != null) {
            running.dispose();
        }
        feeds.forEach(feed -> feed.each(Watcher::end));
    }

    @Override
    public boolean isRunning() {
        return heartbeats != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
