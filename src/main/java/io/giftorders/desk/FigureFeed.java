package io.giftorders.desk;

import io.giftorders.live.Feed;
import io.giftorders.live.Feeds;
import io.giftorders.live.Frame;
import io.giftorders.live.View;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows operators the figures of every second. One look at the meters a second serves them all, and goes on while nobody
 * watches, so that whoever comes sees the minutes before.
 */
@Component
class FigureFeed implements View {

    /** Seconds. Chosen: a chart's width of history, 70 KB. */
    static final int HISTORY = 300;

    private final MeterRegistry meters;
    private final JsonMapper json;
    private final Feed feed;
    private final Deque<Figures> history = new ArrayDeque<>();
    private Totals last;
    private long edition;
    private @Nullable Frame newest;
    private @Nullable Frame before;

    FigureFeed(MeterRegistry meters, JsonMapper json, Feeds feeds, DeskProperties properties) {
        this.meters = meters;
        this.json = json;
        this.feed = feeds.open("desk", properties.maxWatchers());
        this.last = Totals.read(meters);
    }

    /** @param until when the operator's token ends */
    Mono<ServerResponse> watch(Instant until) {
        return feed.watch(this, NOTHING, until);
    }

    /** Takes the figures since it was called last. */
    void look() {
        Totals now = Totals.read(meters);
        add(now.since(last));
        last = now;
        feed.publish();
    }

    private synchronized void add(Figures figures) {
        history.addLast(figures);
        if (history.size() > HISTORY) {
            history.removeFirst();
        }
        edition++;
        newest = feed.isWatched() ? Frame.event(edition, "figures", null, json.writeValueAsBytes(figures)) : null;
        before = null;
    }

    /** The minutes before for who comes, and for who has missed more than the newest second. */
    @Override
    public synchronized @Nullable Frame after(long seen) {
        if (seen >= edition) {
            return null;
        }
        if (seen == edition - 1 && newest != null) {
            return newest;
        }
        if (before == null) {
            before = Frame.event(edition, "history", null, json.writeValueAsBytes(List.copyOf(history)));
        }
        return before;
    }
}
