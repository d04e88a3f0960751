package io.giftorders.gift;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.live.Feeds;
import io.giftorders.live.Listener;
import io.giftorders.server.SlowClients;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** The stock as those see it who watch {@code GET /gifts/events}. */
class GiftEventsTests {

    /** Nothing is found by looking, so what is seen was marked by whoever changed it. */
    private static final String NO_LOOK = "--gift-orders.live.gifts.look-every=5m";

    private static final String EVERY = "--gift-orders.live.gifts.every=50ms";

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open(
                NO_LOOK, EVERY, "--gift-orders.placement.pay-within=3s", "--gift-orders.lifecycle.check-every=50ms");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static void order(Shop where, long gift, int pieces) {
        Answer answer = where.order(1, "{\"" + gift + "\": " + pieces + "}").block();
        assertThat(answer.status()).isEqualTo(201);
    }

    /** What the newest event that has this gift says of its stock, or -1. */
    private static long seen(Listener listener, long gift) {
        List<Listener.Event> events = listener.events();
        for (int i = events.size() - 1; i >= 0; i--) {
            for (JsonNode changed : events.get(i).data()) {
                if (changed.path("id").asLong() == gift) {
                    return changed.get("stock").asLong();
                }
            }
        }
        return -1;
    }

    @Test
    void aWatcherIsToldFirstWhereItStands() {
        try (Listener listener = Listener.ofGifts(shop)) {
            Listener.Event first = listener.event(0);

            assertThat(first.name()).isEqualTo("gifts");
            assertThat(first.data()).isEmpty();
            assertThat(first.id()).matches("[0-9a-f]+-[0-9]+");
        }
    }

    @Test
    void anOrderShowsAndAnExpiryToo() {
        long gift = shop.gift(10);
        try (Listener listener = Listener.ofGifts(shop)) {
            listener.event(0);

            order(shop, gift, 3);
            Shop.await(() -> seen(listener, gift) == 7);
            Shop.await(() -> seen(listener, gift) == 10);
        }
    }

    @Test
    void aCancelledOrderShows() {
        long gift = shop.gift(10);
        try (Listener listener = Listener.ofGifts(shop)) {
            listener.event(0);
            String order = shop.order(1, "{\"" + gift + "\": 4}").block().orderCode();
            Shop.await(() -> seen(listener, gift) == 6);

            shop.act(Shop.buyer(1), order, "cancel").block();

            Shop.await(() -> seen(listener, gift) == 10);
        }
    }

    @Test
    void anOperatorsChangeShowsAsTheGiftIsRead() {
        try (Listener listener = Listener.ofGifts(shop)) {
            listener.event(0);

            long gift = shop.gift(5);
            Shop.await(() -> seen(listener, gift) == 5);
            shop.call(HttpMethod.PATCH, "/gifts/" + gift, Shop.operator(), "{\"price\": \"7.70\", \"restock\": 1}")
                    .block();
            Shop.await(() -> seen(listener, gift) == 6);

            JsonNode shown = listener.last().data().get(0);
            byte[] read = shop.http()
                    .get()
                    .uri("/gifts/" + gift)
                    .exchange()
                    .expectBody()
                    .returnResult()
                    .getResponseBody();
            assertThat(shown.toString()).isEqualTo(new String(read, StandardCharsets.UTF_8));
        }
    }

    /** At most one event a second, whatever is sold. */
    @Test
    void manyOrdersMakeFewEventsAndTheLastIsWhatTheDatabaseHas() {
        try (Shop slow = Shop.open(NO_LOOK)) {
            long gift = slow.gift(10_000);
            Shop.buyer(1); // signed here: an event loop may not
            try (Listener listener = Listener.ofGifts(slow)) {
                listener.event(0);
                long before = System.nanoTime();

                Flux.range(1, 400)
                        .flatMap(each -> slow.order(1, "{\"" + gift + "\": 2}"), 16)
                        .blockLast();
                Shop.await(() -> seen(listener, gift) == slow.stock(gift));

                long seconds = (System.nanoTime() - before) / 1_000_000_000;
                assertThat(slow.stock(gift)).isEqualTo(10_000 - 800);
                assertThat(listener.events()).hasSizeLessThanOrEqualTo((int) seconds + 3);
            }
        }
    }

    @Test
    void whoComesBackGetsWhatChangedMeanwhileInOneEvent() {
        try (Shop calm = shop.another(NO_LOOK, EVERY);
                Listener staying = Listener.ofGifts(calm)) {
            long tea = calm.gift(100);
            long fan = calm.gift(100);
            long lamp = calm.gift(100);
            String seen;
            try (Listener leaving = Listener.ofGifts(calm)) {
                leaving.event(0);
                order(calm, lamp, 1);
                Shop.await(() -> seen(leaving, lamp) == 99);
                seen = leaving.last().id();
            }
            order(calm, tea, 1);
            Shop.await(() -> seen(staying, tea) == 99);
            order(calm, fan, 1);
            Shop.await(() -> seen(staying, fan) == 99);
            order(calm, tea, 1);
            Shop.await(() -> seen(staying, tea) == 98);

            try (Listener back = Listener.ofGifts(calm, seen)) {
                Listener.Event first = back.event(0);

                assertThat(first.name()).isEqualTo("gifts");
                assertThat(first.id()).isEqualTo(staying.last().id());
                assertThat(first.data().valueStream().map(gift -> gift.get("id").asLong()))
                        .contains(tea, fan);
                assertThat(seen(back, tea)).isEqualTo(98);
                assertThat(seen(back, fan)).isEqualTo(99);
            }
        }
    }

    @Test
    void whoComesBackToAnotherInstanceIsToldToReadAgain() {
        try (Listener here = Listener.ofGifts(shop);
                Shop another = shop.another(NO_LOOK, EVERY)) {
            String id = here.event(0).id();
            for (String strange : List.of(id, "41", "x-1", id + "999")) {
                try (Listener there = Listener.ofGifts(another, strange)) {
                    assertThat(there.event(0).name()).isEqualTo("reset");
                    assertThat(there.event(0).data().isEmpty()).isTrue();
                    assertThat(there.event(0).id()).isNotEqualTo(strange);
                }
            }
        }
    }

    @Test
    void whatAnotherInstanceSellsIsSeenByLooking() {
        try (Shop looking = shop.another(EVERY, "--gift-orders.live.gifts.look-every=200ms");
                Listener listener = Listener.ofGifts(looking)) {
            listener.event(0);
            long gift = shop.gift(10);
            Shop.await(() -> seen(listener, gift) == 10);

            order(shop, gift, 1);

            Shop.await(() -> seen(listener, gift) == 9);
        }
    }

    /** More gifts than are read at once, and the changed one among the last. */
    @Test
    void aLargeCatalogueIsComparedToItsEnd() {
        try (Shop large = Shop.open(EVERY, "--gift-orders.live.gifts.look-every=100ms")) {
            addGifts(large, 12);
            try (Listener listener = Listener.ofGifts(large)) {
                listener.event(0);

                large.sql("UPDATE gift SET stock = 4, sales = 1 WHERE id IN (1001, 12999)");

                Shop.await(() -> seen(listener, 1001) == 4 && seen(listener, 12999) == 4);
                assertThat(listener.events().stream()
                                .mapToInt(event -> event.data().size())
                                .sum())
                        .isEqualTo(2);
            }
        }
    }

    /** More than one event holds: none is left out. A watcher that is too slow for that is told to read again. */
    @Test
    void aWholeCatalogueThatChangesAtOnceIsShown() {
        try (Shop large = Shop.open(EVERY, "--gift-orders.live.gifts.look-every=100ms")) {
            addGifts(large, 3);
            try (Listener listener = Listener.ofGifts(large)) {
                listener.event(0);

                large.sql("UPDATE gift SET stock = 4, sales = 1 WHERE id > 1000");

                Shop.await(() -> listener.events().stream()
                                .anyMatch(event -> event.name().equals("reset"))
                        || shown(listener)
                                        .map(gift -> gift.get("id").asLong())
                                        .distinct()
                                        .count()
                                == 2997);
                assertThat(shown(listener)).allMatch(gift -> gift.get("stock").asLong() == 4);
            }
        }
    }

    /** For each thousand 999 gifts, from its number plus one on. */
    private static void addGifts(Shop shop, int thousands) {
        shop.sql("INSERT INTO gift (id, name, price, stock, supplied) WITH RECURSIVE n (i) AS"
                + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
                + " SELECT a.i * 1000 + b.i, 'Kite', 1.00, 5, 5 FROM n a JOIN n b WHERE a.i <= " + thousands);
    }

    private static Stream<JsonNode> shown(Listener listener) {
        return listener.events().stream().flatMap(event -> event.data().valueStream());
    }

    @Test
    void aStreamThatHasNothingToSayIsAlive() {
        try (Shop beating = shop.another("--gift-orders.live.heartbeat=100ms");
                Listener listener = Listener.ofGifts(beating)) {
            Shop.await(() -> listener.heartbeats() >= 3);
        }
    }

    @Test
    void oneTooManyIsRefusedUntilSomebodyLeaves() {
        try (Shop small = shop.another("--gift-orders.live.gifts.max-watchers=2")) {
            try (Listener first = Listener.ofGifts(small)) {
                try (Listener second = Listener.ofGifts(small)) {
                    first.event(0);
                    second.event(0);

                    Answer refused = get(small);

                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.problem()).isEqualTo("too-many-watchers");
                    assertThat(refused.headers().getFirst("Retry-After")).isEqualTo("30");
                    assertThat(small.metric("gift.orders.live.refused", "feed", "gifts"))
                            .isEqualTo(1);
                }
                Shop.await(() -> small.metric("gift.orders.live.watchers", "feed", "gifts") == 1);
                try (Listener third = Listener.ofGifts(small)) {
                    third.event(0);
                }
            }
            Shop.await(() -> small.metric("gift.orders.live.watchers", "feed", "gifts") == 0);
            assertThat(small.metric("http.server.requests", "uri", "/gifts/events", "status", "503"))
                    .isEqualTo(1);
            assertThat(small.metric("http.server.requests", "uri", "/gifts/events", "status", "200"))
                    .isZero();
        }
    }

    private static Answer get(Shop where) {
        return where.call(HttpMethod.GET, "/gifts/events", Shop.buyer(1), null).block();
    }

    @Test
    void hangUpsLeaveNobodyBehind() {
        try (Shop other = shop.another()) {
            String request = "GET /gifts/events HTTP/1.1\r\nHost: shop\r\n\r\n";
            try (SlowClients clients = new SlowClients(URI.create(other.address()))) {
                clients.open(300, request);
                Shop.await(() -> other.metric("gift.orders.live.watchers", "feed", "gifts") == 300);
            }
            Shop.await(() -> other.metric("gift.orders.live.watchers", "feed", "gifts") == 0);
        }
    }

    /** Some 200 KB an event, a hundred events: more than the connections between them hold. */
    @Test
    void whoDoesNotReadHoldsNobodyUpAndSkipsToTheNewest() {
        try (Shop busy = Shop.open("--gift-orders.live.gifts.every=10ms", "--gift-orders.live.gifts.look-every=50ms")) {
            busy.sql("INSERT INTO gift (id, name, price, stock, supplied) WITH RECURSIVE n (i) AS"
                    + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
                    + " SELECT i, REPEAT('茶', 60), 1.00, 0, 0 FROM n");
            try (Idler idler = new Idler(URI.create(busy.address()));
                    Listener listener = Listener.ofGifts(busy)) {
                listener.event(0);
                for (int stock = 1; stock <= 100; stock++) {
                    int now = stock;
                    busy.sql("UPDATE gift SET stock = " + now + ", supplied = " + now);
                    Shop.await(() -> seen(listener, 900) == now);
                }

                String heard = idler.readUntil("id: " + listener.last().id() + "\n");

                assertThat(listener.events()).hasSizeGreaterThanOrEqualTo(100);
                assertThat(heard.split("event: ", -1)).hasSizeLessThan(80);
            }
        }
    }

    @Test
    void whoNeverReadsIsCutOff() {
        try (Shop busy = Shop.open(
                "--gift-orders.live.heartbeat=100ms",
                "--gift-orders.live.gifts.every=10ms",
                "--gift-orders.live.gifts.look-every=50ms")) {
            busy.sql("INSERT INTO gift (id, name, price, stock, supplied) WITH RECURSIVE n (i) AS"
                    + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
                    + " SELECT i, REPEAT('茶', 60), 1.00, 0, 0 FROM n");
            try (Idler idler = new Idler(URI.create(busy.address()))) {
                Shop.await(() -> busy.metric("gift.orders.live.watchers", "feed", "gifts") == 1);

                Shop.await(() -> {
                    busy.sql("UPDATE gift SET stock = stock + 1, supplied = supplied + 1");
                    return busy.metric("gift.orders.live.stalled", "feed", "gifts") == 1;
                });

                Shop.await(() -> busy.metric("gift.orders.live.watchers", "feed", "gifts") == 0);
                assertThat(idler.endsBeforeTheStreamDoes()).isTrue();
            }
        }
    }

    @Test
    void aServiceThatStopsEndsItsStreamsInGoodOrder() {
        Shop stopping = shop.another();
        try (Listener listener = Listener.ofGifts(stopping)) {
            listener.event(0);
            Mono<Void> stopped = Mono.<Void>fromRunnable(stopping::close)
                    .subscribeOn(Schedulers.boundedElastic())
                    .cache();
            stopped.subscribe();

            Shop.await(listener::over);

            assertThat(listener.completed()).isTrue();
            stopped.block();
        }
    }

    @Test
    void aServiceThatStopsTakesNoNewWatchers() {
        try (Shop stopping = shop.another()) {
            stopping.bean(Feeds.class).stop();

            Answer refused = get(stopping);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("stopping");
        }
    }
}
