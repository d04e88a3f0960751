package io.giftorders.database;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What the server says of itself, asked once at start. */
@Component
public final class DatabaseFacts {

    private static final String VERSION = "SELECT VERSION() AS version";

    /** Both names: MySQL 8 and MariaDB 11.1 know the first, MariaDB 10.6 the second. */
    private static final String DEFAULT_ISOLATION =
            "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('transaction_isolation', 'tx_isolation')";

    private static final String UNKNOWN = "unknown";

    private final String version;
    private final String defaultIsolation;

    DatabaseFacts(DatabaseClient database) {
        this.version = AtStart.get(first(database, VERSION, 0), UNKNOWN);
        this.defaultIsolation = AtStart.get(first(database, DEFAULT_ISOLATION, 1), UNKNOWN);
    }

    /** Such as {@code 11.4.5-MariaDB-log} or {@code 8.4.6}. */
    public String version() {
        return version;
    }

    /** The isolation level of a transaction that asks for none, such as {@code REPEATABLE-READ}. */
    public String defaultIsolation() {
        return defaultIsolation;
    }

    private static Mono<String> first(DatabaseClient database, String query, int column) {
        return database.sql(query)
                .map(row -> String.valueOf(row.get(column, String.class)))
                .first();
    }
}
