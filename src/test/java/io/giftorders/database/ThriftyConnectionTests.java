package io.giftorders.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.machine.CuttingProxy;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.IsolationLevel;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Result;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What a transaction sends to a real server, and that it is one. */
class ThriftyConnectionTests {

    private static CuttingProxy way;
    private static ThriftyConnections connections;

    private Connection connection;
    private Connection other;

    @BeforeAll
    static void createTable() {
        String url = TestDatabase.freshUrl();
        Shop.create(TestDatabase.shared(), url);
        int port = (int) ConnectionFactoryOptions.parse(url).getRequiredValue(ConnectionFactoryOptions.PORT);
        way = new CuttingProxy(port);
        connections = new ThriftyConnections(
                TestDatabase.shared().connections(url.replace(":" + port + "/", ":" + way.port() + "/")));
        Connection creating = Mono.from(connections.create()).block();
        run(creating.createStatement("CREATE TABLE note (id INT PRIMARY KEY)").execute());
        done(creating.close());
    }

    @AfterAll
    static void close() {
        way.close();
    }

    @BeforeEach
    void connect() {
        connection = Mono.from(connections.create()).block();
        other = Mono.from(connections.create()).block();
        run(other.createStatement("DELETE FROM note").execute());
    }

    @AfterEach
    void hangUp() {
        done(connection.close());
        done(other.close());
    }

    @Test
    void aTransactionThatOpensWithABatchTakesThreeRoundTrips() {
        int before = way.requests();

        done(connection.beginTransaction(IsolationLevel.READ_COMMITTED));
        List<Long> updated = run(batch("INSERT INTO note VALUES (1)", "INSERT INTO note VALUES (2), (3)"));
        run(batch("DELETE FROM note WHERE id = 2"));
        done(connection.commitTransaction());

        assertThat(way.requests() - before).isEqualTo(3);
        assertThat(updated).containsExactly(1L, 2L);
        assertThat(notes(other)).isEqualTo(2);
        assertThat(connection.isAutoCommit()).isTrue();
    }

    @Test
    void theBatchThatOpensATransactionIsRolledBackWithIt() {
        done(connection.beginTransaction());
        run(batch("INSERT INTO note VALUES (1)"));
        assertThat(notes(connection)).isEqualTo(1);
        assertThat(notes(other)).isZero();

        done(connection.rollbackTransaction());

        assertThat(notes(connection)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"READ COMMITTED, 1", "REPEATABLE READ, 0"})
    void theTransactionHasTheLevelItWasBegunWith(String level, long seen) {
        done(connection.beginTransaction(IsolationLevel.valueOf(level)));
        run(batch("SELECT * FROM note"));

        run(other.createStatement("INSERT INTO note VALUES (1)").execute());

        assertThat(notes(connection)).isEqualTo(seen);
        done(connection.commitTransaction());
    }

    @Test
    void aStatementThatComesFirstIsInTheTransactionToo() {
        done(connection.beginTransaction(IsolationLevel.READ_COMMITTED));
        run(connection
                .createStatement("INSERT INTO note VALUES (?), (?)")
                .bind(0, 1)
                .bind(1, 2)
                .execute());
        assertThat(notes(connection)).isEqualTo(2);

        done(connection.rollbackTransaction());

        assertThat(notes(connection)).isZero();
    }

    @Test
    void aSavepointThatComesFirstIsInTheTransactionToo() {
        done(connection.beginTransaction());
        done(connection.createSavepoint("here"));
        run(batch("INSERT INTO note VALUES (1)"));
        done(connection.rollbackTransactionToSavepoint("here"));
        run(batch("INSERT INTO note VALUES (2)"));
        done(connection.commitTransaction());

        assertThat(notes(other)).isEqualTo(1);
    }

    @Test
    void aTransactionInWhichNothingHappensIsNeverSent() {
        int before = way.requests();

        done(connection.beginTransaction());
        assertThat(connection.isAutoCommit()).isFalse();
        done(connection.rollbackTransaction());
        done(connection.beginTransaction());
        done(connection.commitTransaction());

        assertThat(way.requests()).isEqualTo(before);
        assertThat(connection.isAutoCommit()).isTrue();
    }

    @Test
    void aBatchThatFailsAtOnceLeavesATransactionToRollBack() {
        run(other.createStatement("INSERT INTO note VALUES (2)").execute());
        done(connection.beginTransaction());

        assertThatThrownBy(() -> run(batch("INSERT INTO note VALUES (1)", "INSERT INTO note VALUES (2)")))
                .isInstanceOf(R2dbcException.class);

        assertThat(connection.isAutoCommit()).isFalse();
        done(connection.rollbackTransaction());
        assertThat(notes(connection)).isEqualTo(1);
        assertThat(connection.isAutoCommit()).isTrue();
    }

    private Publisher<? extends Result> batch(String... statements) {
        Batch batch = connection.createBatch();
        List.of(statements).forEach(batch::add);
        return batch.execute();
    }

    private static long notes(Connection connection) {
        return Flux.from(connection.createStatement("SELECT COUNT(*) FROM note").execute())
                .concatMap(result -> result.map(row -> row.get(0, Long.class)))
                .blockLast();
    }

    /** The rows that each statement updated. */
    private static List<Long> run(Publisher<? extends Result> results) {
        return Flux.from(results)
                .concatMap(result -> Mono.from(result.getRowsUpdated()).defaultIfEmpty(0L))
                .collectList()
                .block();
    }

    private static void done(Publisher<Void> publisher) {
        Mono.from(publisher).block();
    }
}
