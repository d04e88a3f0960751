package io.giftorders.order;

import io.giftorders.database.Shield;
import io.giftorders.identity.Caller;
import io.giftorders.live.Feed;
import io.giftorders.live.Feeds;
import io.giftorders.live.Frame;
import io.giftorders.live.View;
import io.giftorders.work.Rounds;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows buyers what becomes of an order: first as it is, then each change. One SELECT a round reads those that were marked as
 * changed; every so often all that are watched are read, because other instances mark nothing here.
 */
@Component
class OrderFeed {

    /** Orders in one SELECT. Chosen: some milliseconds. */
    private static final int AT_ONCE = 500;

    private final Orders orders;
    private final OrderChanges changes;
    private final Feed feed;
    private final JsonMapper json;
    private final int maxPerBuyer;
    private final Rounds rounds;
    private final Map<Long, WatchedOrder> watched = new ConcurrentHashMap<>();
    private final Map<Long, Integer> watchersOf = new ConcurrentHashMap<>();

    OrderFeed(Orders orders, OrderChanges changes, Feeds feeds, JsonMapper json, OrderFeedProperties properties) {
        this.orders = orders;
        this.changes = changes;
        this.feed = feeds.open("orders", properties.maxWatchers());
        this.json = json;
        this.maxPerBuyer = properties.maxPerBuyer();
        this.rounds = new Rounds("show orders", properties::every, properties.lookEvery(), this::round);
        changes.watch(watched::containsKey, rounds::nudge);
    }

    Rounds rounds() {
        return rounds;
    }

    /** Fails with {@link OrderNotFound}, and as {@link Feed#watch} does. Ends when the caller's token does. */
    Mono<ServerResponse> watch(Caller caller, long orderCode) {
        return orders.find(caller.uid(), orderCode)
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)))
                .flatMap(order -> watchersOf.getOrDefault(caller.uid(), 0) < maxPerBuyer
                        ? feed.watch(new Watching(order), View.NOTHING, caller.expiresAt())
                        : Mono.error(feed.refuse()));
    }

    private Mono<Void> round(boolean thorough) {
        Set<Long> marked = changes.take();
        Collection<Long> codes = thorough ? watched.keySet() : marked;
        // one that is watched anew meanwhile was read later than what is read here
        Map<Long, WatchedOrder> those = codes.stream()
                .map(watched::get)
                .filter(Objects::nonNull)
                .collect(Collectors.toMap(WatchedOrder::orderCode, Function.identity()));
        return Flux.fromIterable(those.keySet())
                .buffer(AT_ONCE)
                .concatMap(orders::withCodes)
                .concatMapIterable(found -> found)
                .filter(order -> update(those.get(order.orderCode()), order))
                .count()
                .filter(changed -> changed > 0)
                .doOnNext(changed -> feed.publish())
                .as(Shield::uncancelled)
                .then();
    }

    private static boolean update(@Nullable WatchedOrder shown, Order now) {
        return shown != null && shown.update(now);
    }

    /** One watcher's view of one order. */
    private final class Watching implements View {

        private final Order found;
        private @Nullable WatchedOrder order;

        Watching(Order found) {
            this.found = found;
        }

        /** It may have changed since it was found. */
        @Override
        public void opened() {
            order = watched.compute(found.orderCode(), (code, before) -> {
                WatchedOrder now = before == null ? new WatchedOrder(json, found) : before;
                now.watchers++;
                return now;
            });
            watchersOf.merge(found.uid(), 1, Integer::sum);
            changes.mark(List.of(found.orderCode()));
        }

        @Override
        public void closed() {
            watched.computeIfPresent(found.orderCode(), (code, now) -> --now.watchers == 0 ? null : now);
            watchersOf.computeIfPresent(found.uid(), (uid, count) -> count == 1 ? null : count - 1);
        }

        @Override
        public @Nullable Frame after(long seen) {
            return order == null ? null : order.after(seen);
        }
    }
}
