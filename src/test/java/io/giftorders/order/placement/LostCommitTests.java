package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.machine.CuttingProxy;
import io.giftorders.machine.CuttingProxy.Cut;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** COMMIT is sent, and the connection breaks before its answer is there. */
class LostCommitTests {

    private CuttingProxy proxy;
    private Shop shop;
    private long gift;

    @BeforeEach
    void open() {
        String url = TestDatabase.freshUrl();
        int serverPort = (int) ConnectionFactoryOptions.parse(url).getRequiredValue(ConnectionFactoryOptions.PORT);
        proxy = new CuttingProxy(serverPort);
        // the next COMMIT is an order's, not that of work the shop does by itself
        shop = Shop.resting(
                TestDatabase.shared(),
                url.replace(":" + serverPort + "/", ":" + proxy.port() + "/"),
                "--gift-orders.placement.resolve-for=1s");
        gift = shop.gift(10);
    }

    @AfterEach
    void close() {
        proxy.comeBack();
        shop.close();
        proxy.close();
    }

    @Test
    void anOrderThatIsThereIsAnsweredThoughTheAnswerToCommitWasLost() {
        proxy.cutNextCommit(Cut.AFTER_COMMIT);

        Answer answer = shop.order(1, "{\"" + gift + "\": 2}").block();

        assertThat(answer.status()).isEqualTo(201);
        assertThat(shop.metric("gift.orders.commit.in.doubt", "outcome", "committed"))
                .isEqualTo(1);
        assertThatOneOrderStands(answer.orderCode());
    }

    @Test
    void anOrderThatIsNotThereIsPlacedAgainOnce() {
        proxy.cutNextCommit(Cut.BEFORE_COMMIT);

        Answer answer = shop.order(1, "{\"" + gift + "\": 2}").block();

        assertThat(answer.status()).isEqualTo(201);
        assertThat(shop.metric("gift.orders.commit.in.doubt", "outcome", "rolled back"))
                .isEqualTo(1);
        assertThatOneOrderStands(answer.orderCode());
    }

    @Test
    void whereNobodyCanTellTheBuyerLearnsHowToFindOut() {
        proxy.cutNextCommit(Cut.AFTER_COMMIT_AND_STAY_DOWN);

        Answer answer = shop.order(1, "{\"" + gift + "\": 2}", "unsure").block();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("outcome-unknown");
        assertThat(answer.headers().getFirst("Retry-After")).isNotNull();
        proxy.comeBack();
        Answer again = shop.order(1, "{\"" + gift + "\": 2}", "unsure").block();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.orderCode()).isEqualTo(answer.orderCode());
        assertThatOneOrderStands(answer.orderCode());
    }

    @Test
    void connectionsThatGoSilentAreCutAndTheShopGoesOn() {
        Flux.range(1, 20)
                .flatMap(uid -> Mono.zip(shop.order(uid, "{\"999999\": 1}"), shop.read(uid)))
                .blockLast();
        proxy.freeze();

        List<Answer> silent = Flux.range(1, 20)
                .flatMap(uid -> Flux.merge(shop.order(uid, "{\"" + gift + "\": 1}"), shop.read(uid)))
                .collectList()
                .block(Duration.ofSeconds(30));

        assertThat(silent).extracting(Answer::status).contains(503).isSubsetOf(200, 201, 409, 503);
        assertThat(shop.order(21, "{\"999999\": 1}").block().status()).isEqualTo(404);
        assertThat(shop.read(21).block().status()).isEqualTo(200);
        Shop.await(() -> shop.metric("r2dbc.pool.acquired") == 0);
        assertThat(shop.stock(gift) + shop.pieces(gift)).isEqualTo(10);
    }

    private void assertThatOneOrderStands(String orderCode) {
        assertThat(shop.number("SELECT COUNT(*) FROM orders")).isEqualTo(1);
        assertThat(shop.number("SELECT order_code FROM orders")).isEqualTo(Long.parseLong(orderCode));
        assertThat(shop.stock(gift)).isEqualTo(8);
    }
}
