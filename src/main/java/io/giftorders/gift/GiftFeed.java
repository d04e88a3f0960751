package io.giftorders.gift;

import io.giftorders.live.Feed;
import io.giftorders.live.Feeds;
import io.giftorders.live.Frame;
import io.giftorders.live.View;
import io.giftorders.work.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows the stock to those who watch it. One SELECT a round reads whatever was marked as changed, so that an edition is as
 * the database has it, whoever committed first. Other instances mark nothing here: every so often all gifts are compared.
 */
@Component
class GiftFeed {

    /** Chosen: while pages are reloaded and connections break, what their editions were is still known. */
    private static final Duration LINGER = Duration.ofMinutes(1);

    /** Versions in one SELECT. Chosen: some 30 KB and a millisecond. */
    private static final int PAGE = 1000;

    /** Pages compared in one round. Chosen: 10,000 gifts; a larger catalogue takes several rounds. */
    private static final int PAGES_A_ROUND = 10;

    /**
     * Written to all watchers together. Chosen: an event costs some 16 µs, so that these take less than a tenth of a core
     * from those who order, however many watch.
     */
    private static final long EVENTS_A_SECOND = 5_000;

    private final Gifts gifts;
    private final GiftChanges changes;
    private final GiftFeedProperties properties;
    private final Feed feed;
    private final JsonMapper json;
    private final Rounds rounds;

    /** Null while nobody watches, and until the gifts were read for the first who does. */
    private volatile @Nullable Editions editions;

    private volatile long lastWatched;

    /** Where the next comparison starts. */
    private long comparedTo;

    GiftFeed(Gifts gifts, GiftChanges changes, Feeds feeds, JsonMapper json, GiftFeedProperties properties) {
        this.gifts = gifts;
        this.changes = changes;
        this.feed = feeds.open("gifts", properties.maxWatchers());
        this.json = json;
        this.properties = properties;
        this.rounds = new Rounds("show gifts", this::every, properties.lookEvery(), this::round);
    }

    Rounds rounds() {
        return rounds;
    }

    private Duration every() {
        Duration forAll = Duration.ofSeconds(1).multipliedBy(feed.watchers()).dividedBy(EVENTS_A_SECOND);
        return forAll.compareTo(properties.every()) > 0 ? forAll : properties.every();
    }

    /** @param lastEventId what the client saw last, or null */
    Mono<ServerResponse> watch(@Nullable String lastEventId) {
        return Mono.defer(() -> {
            begin();
            return feed.watch(new Watching(lastEventId), View.NOTHING);
        });
    }

    private synchronized void begin() {
        lastWatched = System.nanoTime();
        if (!changes.isWatched()) {
            changes.watch(id -> true, rounds::nudge);
            rounds.nudge();
        }
    }

    /** Nobody has watched for a while: forget everything. */
    private synchronized boolean ended() {
        if (feed.isWatched()) {
            lastWatched = System.nanoTime();
        }
        boolean over = System.nanoTime() - lastWatched > LINGER.toNanos();
        if (over) {
            changes.unwatch();
            editions = null;
        }
        return over;
    }

    private Mono<Void> round(boolean thorough) {
        if (!changes.isWatched() || ended()) {
            return Mono.empty();
        }
        Editions known = editions;
        return known == null ? open() : show(known, thorough);
    }

    /** Reads all gifts once: what differs from now on is new. Marks are kept meanwhile. */
    private Mono<Void> open() {
        return gifts.versions(0, PAGE)
                .expand(page -> page.size() < PAGE
                        ? Mono.empty()
                        : gifts.versions(page.get(PAGE - 1).id(), PAGE))
                .reduce(new ArrayList<Version>(), (all, page) -> {
                    all.addAll(page);
                    return all;
                })
                .doOnNext(versions -> {
                    editions = new Editions(json, versions);
                    feed.publish();
                })
                .then();
    }

    /** However many were changed, all are shown: an edition for each thousand of them. */
    private Mono<Void> show(Editions known, boolean thorough) {
        Set<Long> marked = changes.take();
        return (thorough ? compare(known) : Mono.<List<Long>>just(List.of()))
                .flatMapIterable(different -> {
                    Set<Long> ids = new HashSet<>(marked);
                    ids.addAll(different);
                    return ids;
                })
                .buffer(Editions.MAX_GIFTS)
                .concatMap(gifts::withIds)
                .filter(known::add)
                .doOnNext(shown -> feed.publish())
                .doOnError(failure -> changes.mark(marked))
                .then();
    }

    /** Ids of gifts that are not as they were shown. */
    private Mono<List<Long>> compare(Editions known) {
        return gifts.versions(comparedTo, PAGE)
                .expand(page -> page.size() < PAGE
                        ? Mono.empty()
                        : gifts.versions(page.get(PAGE - 1).id(), PAGE))
                .take(PAGES_A_ROUND)
                .doOnNext(page ->
                        comparedTo = page.size() < PAGE ? 0 : page.get(PAGE - 1).id())
                .concatMapIterable(known::changed)
                .map(Version::id)
                .collectList();
    }

    /** One watcher's view: the editions, once they are there. */
    private final class Watching implements View {

        private final @Nullable String lastEventId;

        Watching(@Nullable String lastEventId) {
            this.lastEventId = lastEventId;
        }

        @Override
        public @Nullable Frame after(long seen) {
            Editions known = editions;
            if (known == null) {
                return null;
            }
            return known.after(seen == NOTHING ? known.seen(lastEventId) : seen);
        }
    }
}
