package io.giftorders.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.giftorders.shop.Shop;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class TransactionsTests {

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    /** Its first half has come, so the connection itself is owed nothing. */
    @Test
    void whoWaitsForAnAnswerThatStopsInTheMiddleGoesOn() {
        ConnectionPool two = shop.bean(Connections.class).open("two", 2);
        Transactions transactions = new Transactions(two, Duration.ofSeconds(1));

        Flux.range(0, 2)
                .flatMap(connection -> transactions.run(() -> execute(transactions, "DO 1; DO SLEEP(0.2)")))
                .retry(20)
                .blockLast();

        Throwable failure = catchThrowable(() -> transactions
                .run(() -> execute(transactions, "DO 1; DO SLEEP(3)"))
                .block());

        assertThat(DatabaseFailure.of(Objects.requireNonNull(failure))).isEqualTo(DatabaseFailure.UNREACHABLE);
        assertThat(two.getMetrics().orElseThrow().acquiredSize())
                .as("it is left alone, since a cancel would break the connection")
                .isEqualTo(1);
        assertThat(transactions.run(() -> execute(transactions, "DO 1; DO 2")).block())
                .isEqualTo(2);
        Shop.await(() -> two.getMetrics().orElseThrow().acquiredSize() == 0);
        two.dispose();
    }

    /** @return the number of its statements */
    private static Mono<Long> execute(Transactions transactions, String statements) {
        return transactions.database().inConnection(connection -> Flux.from(
                        connection.createStatement(statements).execute())
                .concatMap(result -> Mono.from(result.getRowsUpdated()))
                .count());
    }
}
