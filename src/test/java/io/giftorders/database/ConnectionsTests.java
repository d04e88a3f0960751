package io.giftorders.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.r2dbc.pool.ConnectionPool;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;

/** What a connection of a pool costs beside the statements it is borrowed for. */
class ConnectionsTests {

    private static final int TIMES = 5;

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void aConnectionIsBorrowedAndGivenBackWithoutAPing() {
        ConnectionPool one = shop.bean(Connections.class).open("one", 1);
        DatabaseClient database = DatabaseClient.create(one);
        long before = pings(database);
        for (int time = 0; time < TIMES; time++) {
            database.sql("SELECT 1").fetch().one().block();
        }
        assertThat(pings(database)).isEqualTo(before);
        one.dispose();
    }

    /** Of this connection, the pool's only one. The server counts pings under this name. */
    private static long pings(DatabaseClient database) {
        return Objects.requireNonNull(database.sql("SHOW SESSION STATUS LIKE 'Com_admin_commands'")
                .map(row -> Long.valueOf(Objects.requireNonNull(row.get(1, String.class))))
                .one()
                .block());
    }
}
