package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.order.Cart;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class SavepointTests {

    private static final long POISONOUS = 666;

    private static final String INSERT = "INSERT INTO orders"
            + " (order_code, uid, total_count, total_amount, status, idempotency_key, created_at, expires_at) VALUES ";

    /** A deadlock rolls back the whole transaction, its savepoints too. */
    @Test
    void aDeadlockInASavepointRunsTheBatchAgain() {
        try (Shop shop = Shop.open()) {
            long gift = shop.gift(10);
            shop.sql("ALTER TABLE orders ADD CONSTRAINT no_poison CHECK (uid <> " + POISONOUS + ")");
            Connection other = shop.connect();
            Mono.from(other.beginTransaction()).block();
            // much written, so that the server gives up the batch
            run(
                    other,
                    INSERT
                            + IntStream.range(1, 500)
                                    .mapToObj(code -> row(code, 99, "NULL"))
                                    .collect(Collectors.joining(","))
                            + "," + row(500, 2, "'b'"));
            Mono<List<Decision>> batch = shop.bean(PlacementTransaction.class)
                    .place(List.of(
                            wish(1001, POISONOUS, gift, null), wish(1002, 1, gift, "a"), wish(1003, 2, gift, "b")))
                    .cache();
            batch.subscribe(decisions -> {}, failure -> {});
            awaitLockWait(shop);

            run(other, INSERT + row(501, 1, "'a'"));
            Mono.from(other.rollbackTransaction()).block();
            Mono.from(other.close()).block();

            assertThat(batch.block())
                    .extracting(decision -> decision instanceof Decision.Refused ? "refused" : "placed")
                    .containsExactly("refused", "placed", "placed");
            assertThat(shop.stock(gift)).isEqualTo(8);
            assertThat(shop.brokenOrders()).isZero();
        }
    }

    /** Asked slowly: the server shows whoever asks more than ten times a second the same answer for ever. */
    private static void awaitLockWait(Shop shop) {
        String waiting = "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
        Flux.interval(Duration.ofMillis(200), Schedulers.boundedElastic())
                .takeUntil(tick -> shop.number(waiting) == 1)
                .blockLast(Duration.ofSeconds(10));
    }

    private static String row(long code, long uid, String key) {
        return "(" + code + ", " + uid + ", 1, 1, 1, " + key + ", UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))";
    }

    private static PlaceOrder wish(long code, long uid, long gift, @Nullable String key) {
        return new PlaceOrder(
                code, uid, new Cart(List.of(new Cart.Line(gift, 1))), key == null ? null : new IdempotencyKey(key));
    }

    private static void run(Connection connection, String statement) {
        Flux.from(connection.createStatement(statement).execute())
                .concatMap(result -> result.getRowsUpdated())
                .blockLast();
    }
}
