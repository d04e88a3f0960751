package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class DirtyKeyTests {

    /** Another instance, at another level, has inserted an order under the key and has not locked the gift yet. */
    @Test
    void atReadUncommittedAnOrderThatNeverCommitsIsNotReplayed() {
        try (Shop shop = Shop.open("--gift-orders.placement.isolation=read-uncommitted")) {
            long gift = shop.gift(10);
            Connection other = shop.connect();
            Mono.from(other.beginTransaction()).block();
            run(
                    other,
                    "INSERT INTO orders (order_code, uid, total_count, total_amount, status, expires_at, idempotency_key,"
                            + " created_at) VALUES (77, 1, 1, 9.90, 1, UTC_TIMESTAMP(6), 'k', UTC_TIMESTAMP(6))");
            run(
                    other,
                    "INSERT INTO order_item (order_code, goods_id, uid, counts, price) VALUES (77, " + gift
                            + ", 1, 1, 9.90)");

            Mono<Answer> answer = shop.order(1, "{\"" + gift + "\": 1}", "k").cache();
            answer.subscribe();
            Mono.delay(Duration.ofMillis(500)).block();
            Shop.unlock(other);

            assertThat(answer.block().status()).isEqualTo(201);
            assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE order_code = "
                            + answer.block().orderCode()))
                    .isEqualTo(1);
        }
    }

    private static void run(Connection connection, String statement) {
        Flux.from(connection.createStatement(statement).execute())
                .concatMap(result -> result.getRowsUpdated())
                .blockLast();
    }
}
