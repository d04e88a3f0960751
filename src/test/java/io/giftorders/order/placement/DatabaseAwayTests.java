package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The database is killed as by a power failure while orders come in, and started again. */
class DatabaseAwayTests {

    private static final int BUYERS = 64;

    @Test
    void everyOrderABuyerSawIsThereAfterAKillAndTheShopRecoversByItself() {
        TestDatabase server = TestDatabase.start(Path.of("target", "killed-database"));
        LongStream.rangeClosed(0, BUYERS).forEach(Shop::buyer);
        try (Shop shop = Shop.on(server, server.url("killed"))) {
            long gift = shop.gift(10_000_000);
            Queue<Answer> answers = new ConcurrentLinkedQueue<>();
            Disposable load = Flux.range(1, BUYERS)
                    .flatMap(
                            uid -> shop.order(uid, "{\"" + gift + "\": 1}")
                                    .doOnNext(answers::add)
                                    .repeat(),
                            BUYERS)
                    .subscribe();
            for (int kills = 0; kills < 2; kills++) {
                int before = placed(answers).size();
                Shop.await(() -> placed(answers).size() > before + 2_000);

                server.kill();
                Answer away = Mono.defer(() -> shop.read(0)).block();
                assertThat(away.status()).isEqualTo(503);
                Shop.await(() -> answers.stream().anyMatch(answer -> answer.status() == 503));
                server.restart();

                int after = placed(answers).size();
                Shop.await(() -> placed(answers).size() > after + 500);
            }
            load.dispose();
            Shop.await(() -> shop.metric("r2dbc.pool.acquired") == 0 && shop.metric("gift.orders.queue.depth") == 0);

            assertThat(answers.stream().map(Answer::status).distinct()).containsOnly(201, 503);
            assertThat(answers.stream().filter(answer -> answer.status() == 503).map(Answer::problem))
                    .isSubsetOf(
                            "database-unavailable", "waited-too-long", "overloaded", "outcome-unknown", "contended");
            assertThat(shop.orderCodes()).containsAll(placed(answers));
            assertThat(shop.stock(gift) + shop.pieces(gift)).isEqualTo(10_000_000);
            assertThat(shop.brokenOrders()).isZero();
        }
    }

    private static Set<String> placed(Queue<Answer> answers) {
        return answers.stream()
                .filter(answer -> answer.status() == 201)
                .map(Answer::orderCode)
                .collect(Collectors.toSet());
    }
}
