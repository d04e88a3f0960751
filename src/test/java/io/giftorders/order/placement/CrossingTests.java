package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.machine.CuttingProxy;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One instance has read the gifts and not yet what its buyer has of them; just then another one commits. */
class CrossingTests {

    private static CuttingProxy proxy;
    private static Shop quick;
    private static Shop late;

    @BeforeAll
    static void open() {
        String url = TestDatabase.freshUrl();
        int serverPort = (int) ConnectionFactoryOptions.parse(url).getRequiredValue(ConnectionFactoryOptions.PORT);
        proxy = new CuttingProxy(serverPort);
        quick = Shop.on(TestDatabase.shared(), url);
        late = Shop.on(TestDatabase.shared(), url.replace(":" + serverPort + "/", ":" + proxy.port() + "/"));
    }

    @AfterAll
    static void close() {
        late.close();
        quick.close();
        proxy.close();
    }

    @Test
    void theOrderThatFillsTheLimitIsAnsweredAgainThoughItCommitsBetweenTwoReads() {
        long gift = quick.gift(10, ", \"limit_per_user\": 1");
        CompletableFuture<Answer> first = meanwhile(1, gift, "twice");

        Answer second = late.order(1, cart(gift), "twice").block();

        assertThat(first).isCompletedWithValueMatching(answer -> answer.status() == 201);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.headers().getFirst("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.body().toString()).isEqualTo(first.join().body().toString());
        assertThat(quick.stock(gift)).isEqualTo(9);
    }

    @Test
    void anotherOrderThatFillsTheLimitBetweenTwoReadsLeavesNothing() {
        long gift = quick.gift(10, ", \"limit_per_user\": 1");
        CompletableFuture<Answer> first = meanwhile(2, gift, "one");

        Answer second = late.order(2, cart(gift), "two").block();

        assertThat(first).isCompletedWithValueMatching(answer -> answer.status() == 201);
        assertThat(second.problem()).isEqualTo("limit-per-user");
        assertThat(quick.stock(gift)).isEqualTo(9);
    }

    /** An order that the other instance places when the late one is about to read what its buyer has. */
    private static CompletableFuture<Answer> meanwhile(long uid, long gift, String key) {
        CompletableFuture<Answer> placed = new CompletableFuture<>();
        proxy.beforeNext(
                "uid, counts FROM purchase",
                () -> placed.complete(quick.order(uid, cart(gift), key).block()));
        return placed;
    }

    private static String cart(long gift) {
        return "{\"" + gift + "\": 1}";
    }
}
