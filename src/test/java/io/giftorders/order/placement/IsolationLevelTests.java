package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What an order transaction can see of another one, level by level, on the real server (part 06 of the shop's design
 * paper). Serializable is left out of the tables: its reads lock, so the other transaction could not write at all, which
 * has a test of its own.
 */
class IsolationLevelTests {

    private static Shop shop;
    private long gift;

    @BeforeAll
    static void open() {
        shop = Shop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @ParameterizedTest
    @CsvSource({"READ UNCOMMITTED, 19", "READ COMMITTED, 20", "REPEATABLE READ, 20"})
    void stockThatIsNotCommittedIsSeenAtReadUncommittedOnly(String level, long seen) {
        gift = shop.gift(20);
        try (Session buyer = new Session(level);
                Session other = new Session("READ COMMITTED")) {
            other.run("UPDATE gift SET stock = 19 WHERE id = " + gift);

            assertThat(buyer.stock()).isEqualTo(seen);
        }
    }

    @ParameterizedTest
    @CsvSource({"READ UNCOMMITTED, 19", "READ COMMITTED, 19", "REPEATABLE READ, 20"})
    void stockReadTwiceIsTheSameFromRepeatableReadOn(String level, long secondRead) {
        gift = shop.gift(20);
        try (Session buyer = new Session(level)) {
            assertThat(buyer.stock()).isEqualTo(20);

            shop.sql("UPDATE gift SET stock = 19 WHERE id = " + gift);

            assertThat(buyer.stock()).isEqualTo(secondRead);
        }
    }

    @ParameterizedTest
    @CsvSource({"READ UNCOMMITTED, 1", "READ COMMITTED, 1", "REPEATABLE READ, 0"})
    void aRowThatAppearsIsAPhantomBelowRepeatableRead(String level, long secondCount) {
        gift = shop.gift(20);
        try (Session buyer = new Session(level)) {
            String count = "SELECT COUNT(*) FROM gift WHERE id > " + gift;
            assertThat(buyer.number(count)).isZero();

            shop.gift(20);

            assertThat(buyer.number(count)).isEqualTo(secondCount);
        }
    }

    @Test
    void atSerializableAReaderKeepsWritersOut() {
        gift = shop.gift(20);
        try (Session buyer = new Session("SERIALIZABLE");
                Session other = new Session("READ COMMITTED")) {
            assertThat(buyer.stock()).isEqualTo(20);

            assertThat(other.fails("UPDATE gift SET stock = 19 WHERE id = " + gift))
                    .isEqualTo(1205);
        }
    }

    /** The design paper's loop: read, update where the stock is still what was read, else read again. */
    @ParameterizedTest
    @CsvSource({"READ COMMITTED, true", "REPEATABLE READ, false"})
    void theCompareLoopEndsOnlyWhereItsSecondReadSeesWhatTheFirstUpdateMissed(String level, boolean ends) {
        gift = shop.gift(20);
        try (Session buyer = new Session(level)) {
            long read = buyer.stock();
            shop.sql("UPDATE gift SET stock = 19 WHERE id = " + gift);
            assertThat(buyer.takeIfStill(read)).isFalse();

            boolean taken = buyer.takeIfStill(buyer.stock());

            assertThat(taken).isEqualTo(ends);
        }
    }

    /** A transaction at a level of its own, rolled back at the end. */
    private final class Session implements AutoCloseable {

        private final Connection connection;

        Session(String level) {
            connection = shop.connect();
            Mono.from(connection.setTransactionIsolationLevel(IsolationLevel.valueOf(level)))
                    .then(Mono.from(connection.beginTransaction()))
                    .block();
        }

        long stock() {
            return number("SELECT stock FROM gift WHERE id = " + gift);
        }

        long number(String query) {
            return Flux.from(connection.createStatement(query).execute())
                    .concatMap(result -> result.map(row -> row.get(0, Long.class)))
                    .blockLast();
        }

        long run(String statement) {
            return Flux.from(connection.createStatement(statement).execute())
                    .concatMap(result -> Mono.from(result.getRowsUpdated()))
                    .blockLast();
        }

        int fails(String statement) {
            run("SET SESSION innodb_lock_wait_timeout = 1");
            try {
                run(statement);
                return 0;
            } catch (RuntimeException failure) {
                return DatabaseFailure.code(failure);
            }
        }

        boolean takeIfStill(long stock) {
            return run("UPDATE gift SET stock = stock - 1 WHERE id = " + gift + " AND stock = " + stock) == 1;
        }

        @Override
        public void close() {
            Shop.unlock(connection);
        }
    }
}
