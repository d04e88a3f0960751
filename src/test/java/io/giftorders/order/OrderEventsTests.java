package io.giftorders.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.identity.TestIssuer;
import io.giftorders.live.Listener;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An order as its buyer sees it who watches {@code GET /orders/{order_code}/events}. */
class OrderEventsTests {

    private static final long BUYER = 7;

    /** Nothing is found by looking, so what is seen was marked by whoever changed it. */
    private static final String NO_LOOK = "--gift-orders.live.orders.look-every=5m";

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open(NO_LOOK, "--gift-orders.live.orders.max-per-buyer=2");
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static String order(long uid) {
        return shop.order(uid, "{\"" + shop.gift(10) + "\": 2}").block().orderCode();
    }

    private static Listener watch(Shop where, String order) {
        return Listener.ofOrder(where, Shop.buyer(BUYER), order);
    }

    private static List<Integer> statuses(Listener listener) {
        return listener.events().stream()
                .map(event -> event.data().get("status").asInt())
                .toList();
    }

    private static void awaitStatus(Listener listener, int status) {
        Shop.await(() -> statuses(listener).contains(status));
    }

    private static double watchers(Shop where) {
        return where.metric("gift.orders.live.watchers", "feed", "orders");
    }

    @Test
    void theOrderIsShownAsItIsAndThenFromPaymentToReceipt() {
        String order = order(BUYER);
        try (Listener listener = watch(shop, order)) {
            assertThat(listener.event(0).name()).isEqualTo("order");
            assertThat(listener.event(0).data().get("order_code").asString()).isEqualTo(order);

            ALIPAY.pay(ALIPAY.open(shop.payUrl(BUYER, order)));
            awaitStatus(listener, 2);
            shop.act(Shop.operator(), order, "ship").block();
            awaitStatus(listener, 3);
            shop.act(Shop.buyer(BUYER), order, "receive").block();
            awaitStatus(listener, 4);
            shop.act(Shop.operator(), order, "refund").block();
            awaitStatus(listener, 6);

            assertThat(statuses(listener)).containsExactly(1, 2, 3, 4, 6);
        }
    }

    @Test
    void whatIsShownIsWhatIsRead() {
        String order = order(BUYER);
        shop.act(Shop.buyer(BUYER), order, "cancel").block();
        try (Listener listener = watch(shop, order)) {
            Answer read = shop.call(HttpMethod.GET, "/orders/" + order, Shop.buyer(BUYER), null)
                    .block();

            assertThat((JsonNode) JsonMapper.shared().valueToTree(read.body()))
                    .isEqualTo(listener.event(0).data());
        }
    }

    @Test
    void anOrderThatMayBeBeingPaidIsShownClosingAndClosed() {
        String order = order(BUYER);
        shop.payUrl(BUYER, order);
        try (Listener listener = watch(shop, order)) {
            listener.event(0);

            shop.act(Shop.buyer(BUYER), order, "cancel").block();

            Shop.await(() -> listener.last().data().has("closing_at"));
        }
    }

    @Test
    void anOrderThatExpiresIsShownClosed() {
        try (Shop quick = shop.another(
                NO_LOOK, "--gift-orders.placement.pay-within=2s", "--gift-orders.lifecycle.check-every=50ms")) {
            String order =
                    quick.order(BUYER, "{\"" + quick.gift(5) + "\": 1}").block().orderCode();
            // whichever of the two instances closes it, both are watched
            try (Listener here = watch(quick, order);
                    Listener there = watch(shop, order)) {
                Shop.await(() -> statuses(here).contains(5) || statuses(there).contains(5));
            }
        }
    }

    @Test
    void whatAnotherInstanceDoesIsSeenByLooking() {
        String order = order(BUYER);
        try (Shop looking = shop.another("--gift-orders.live.orders.look-every=100ms");
                Listener listener = watch(looking, order)) {
            listener.event(0);

            shop.act(Shop.buyer(BUYER), order, "cancel").block();

            awaitStatus(listener, 5);
        }
    }

    @Test
    void whoComesBackGetsTheOrderAsItIs() {
        String order = order(BUYER);
        try (Listener listener = watch(shop, order)) {
            listener.event(0);
        }
        shop.act(Shop.buyer(BUYER), order, "cancel").block();
        try (Listener back = watch(shop, order)) {
            assertThat(back.event(0).data().get("status").asInt()).isEqualTo(5);
        }
    }

    @Test
    void nobodyWatchesSomebodyElsesOrder() {
        String order = order(BUYER);
        String path = "/orders/" + order + "/events";

        Answer stranger = shop.call(HttpMethod.GET, path, Shop.buyer(8), null).block();
        Answer nobody = shop.call(HttpMethod.GET, path, "nonsense", null).block();

        assertThat(stranger.status()).isEqualTo(404);
        assertThat(nobody.status()).isEqualTo(401);
    }

    @Test
    void oneBuyerCannotTakeTheStreamsOfAll() {
        String order = order(9);
        String token = Shop.buyer(9);
        String path = "/orders/" + order + "/events";
        try (Listener first = Listener.ofOrder(shop, token, order);
                Listener second = Listener.ofOrder(shop, token, order)) {
            first.event(0);
            second.event(0);

            Answer refused = shop.call(HttpMethod.GET, path, token, null).block();

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.problem()).isEqualTo("too-many-watchers");
            String others = order(10);
            try (Listener other = Listener.ofOrder(shop, Shop.buyer(10), others)) {
                other.event(0);
            }
        }
        Shop.await(() -> watchers(shop) == 0);
        try (Listener again = Listener.ofOrder(shop, token, order)) {
            again.event(0);
        }
    }

    @Test
    void aStreamEndsWithItsToken() {
        String order = order(BUYER);
        try (Shop beating = shop.another("--gift-orders.live.heartbeat=100ms")) {
            String token = TestIssuer.INSTANCE.sign(TestIssuer.claims(Long.toString(BUYER))
                    .expirationTime(Date.from(Instant.now().plusSeconds(2)))
                    .build());
            try (Listener listener = Listener.ofOrder(beating, token, order)) {
                listener.event(0);

                Shop.await(listener::completed);

                assertThat(watchers(beating)).isZero();
            }
        }
    }
}
