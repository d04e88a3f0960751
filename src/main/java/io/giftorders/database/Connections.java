package io.giftorders.database;

import io.giftorders.problem.CannotStart;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.time.Duration;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Opens connection pools to the configured database. Each kind of work has its own, so that none starves another. */
@Component
public final class Connections {

    /** Chosen: an idle pool hands out at once; beyond this the client is better served by a 503. */
    private static final Duration MAX_ACQUIRE_TIME = Duration.ofMillis(500);

    /** Chosen: proxies and balancers drop older connections; a fresh one costs a few milliseconds. */
    private static final Duration MAX_LIFE_TIME = Duration.ofMinutes(30);

    /** Waiting borrowers per connection. Chosen: with reads of a millisecond, more could not be served in half a second. */
    private static final int MAX_WAITING_PER_CONNECTION = 100;

    private final ConnectionFactory database;

    Connections(ObjectProvider<R2dbcConnectionDetails> configured) {
        R2dbcConnectionDetails details = configured.getIfAvailable(() -> {
            throw new CannotStart(
                    "No database is configured: set SPRING_R2DBC_URL, for example"
                            + " r2dbc:mysql://127.0.0.1:3306/gift_orders, and SPRING_R2DBC_USERNAME and SPRING_R2DBC_PASSWORD.");
        });
        this.database =
                ConnectionFactories.get(DriverDefaults.applyTo(mysqlOnly(details.getConnectionFactoryOptions())));
    }

    /**
     * Opens a pool. The caller disposes of it.
     *
     * @param name tag of the pool's metrics
     * @param size connections at the most; opened on demand
     */
    public ConnectionPool open(String name, int size) {
        ConnectionPoolConfiguration configuration = ConnectionPoolConfiguration.builder(database)
                .name(name)
                .initialSize(0)
                .maxSize(size)
                .maxAcquireTime(MAX_ACQUIRE_TIME)
                .maxCreateConnectionTime(Duration.ofSeconds(5))
                .maxLifeTime(MAX_LIFE_TIME)
                // after a restart of the database every idle connection is dead and fails one acquire (r2dbc-pool issue
                // 209)
                .acquireRetry(size)
                .preRelease(Connections::leaveClean)
                .customizer(pool -> pool.maxPendingAcquire(size * MAX_WAITING_PER_CONNECTION))
                .build();
        return new ConnectionPool(configuration);
    }

    /**
     * The driver's own clean-up asks the server for a sign of life even where no transaction is open; that round trip
     * would come on top of every transaction.
     */
    private static Publisher<Void> leaveClean(Connection connection) {
        return connection.isAutoCommit() ? Mono.empty() : connection.rollbackTransaction();
    }

    private static ConnectionFactoryOptions mysqlOnly(ConnectionFactoryOptions options) {
        if (!"mysql".equals(options.getValue(ConnectionFactoryOptions.DRIVER))) {
            throw new CannotStart("SPRING_R2DBC_URL names another database: set it to a r2dbc:mysql:// address.");
        }
        if (!options.hasOption(ConnectionFactoryOptions.DATABASE)) {
            throw new CannotStart("SPRING_R2DBC_URL names no database: set it to r2dbc:mysql://host:port/name.");
        }
        return options;
    }
}
