package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.Connection;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class BadRowTests {

    private static final long POISONOUS = 666;

    @Test
    void anOrderTheDatabaseRefusesFailsAloneAndItsBatchIsPlaced() {
        try (Shop shop = Shop.open("--gift-orders.placement.lanes=1")) {
            long gift = shop.gift(12);
            shop.sql("ALTER TABLE order_item ADD CONSTRAINT no_poison CHECK (uid <> " + POISONOUS + ")");
            Connection otherWriter = shop.lock(gift);
            Mono<Answer> first = shop.order(1, "{\"" + gift + "\": 1}").cache();
            first.subscribe();
            Shop.await(() -> shop.metric("gift.orders.batch.size") == 1);
            Mono<List<Answer>> batch = Flux.just(2L, 3L, POISONOUS, 4L, 5L)
                    .flatMapSequential(uid -> shop.order(uid, "{\"" + gift + "\": 2}"))
                    .collectList()
                    .cache();
            batch.subscribe();
            Shop.await(() -> shop.metric("gift.orders.queue.depth") == 5);

            Shop.unlock(otherWriter);

            assertThat(first.block().status()).isEqualTo(201);
            assertThat(batch.block()).extracting(Answer::status).containsExactly(201, 201, 422, 201, 201);
            assertThat(batch.block().get(2).problem()).isEqualTo("unplaceable");
            assertThat(shop.metric("gift.orders.batch.size")).isEqualTo(2);
            assertThat(shop.stock(gift)).isEqualTo(3);
            assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE uid = " + POISONOUS))
                    .isZero();
            assertThat(shop.brokenOrders()).isZero();
        }
    }
}
