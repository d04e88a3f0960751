package io.giftorders.database;

import static io.r2dbc.spi.ConnectionFactoryOptions.STATEMENT_TIMEOUT;

import io.giftorders.problem.CannotStart;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.reactivestreams.Publisher;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcConnectionDetails;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.pool.PooledRefMetadata;

/** Opens connection pools to the configured database. Each kind of work has its own, so that none starves another. */
@Component
public final class Connections implements DisposableBean {

    /** Chosen: an idle pool hands out at once; beyond this the client is better served by a 503. */
    private static final Duration MAX_ACQUIRE_TIME = Duration.ofMillis(500);

    /** Chosen: beyond every statement's own time-out (2 s for a lock, 5 s for a statement), so only the dead are cut. */
    private static final Duration MAX_SILENCE = Duration.ofSeconds(8);

    private static final Duration MAX_IDLE_TIME = Duration.ofMinutes(30);

    /** Chosen: proxies and balancers drop older connections; a fresh one costs a few milliseconds. */
    private static final Duration MAX_LIFE_TIME = Duration.ofMinutes(30);

    /** Waiting borrowers per connection. Chosen: with reads of a millisecond, more could not be served in half a second. */
    private static final int MAX_WAITING_PER_CONNECTION = 100;

    /** Chosen: how much longer than its longest statement a connection may be silent. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final Queue<LoopResources> loops = new ConcurrentLinkedQueue<>();
    private final ConnectionFactoryOptions options;
    private final ConnectionFactory database;

    Connections(ObjectProvider<R2dbcConnectionDetails> configured) {
        R2dbcConnectionDetails details = configured.getIfAvailable(() -> {
            throw new CannotStart(
                    "No database is configured: set SPRING_R2DBC_URL, for example"
                            + " r2dbc:mysql://127.0.0.1:3306/gift_orders, and SPRING_R2DBC_USERNAME and SPRING_R2DBC_PASSWORD.");
        });
        this.options = mysqlOnly(details.getConnectionFactoryOptions());
        this.database = ConnectionFactories.get(DriverDefaults.applyTo(options, loops(MAX_SILENCE)));
    }

    /**
     * Opens a pool. The caller disposes of it.
     *
     * @param name tag of the pool's metrics
     * @param size connections at the most; opened on demand
     */
    public ConnectionPool open(String name, int size) {
        return open(name, size, database);
    }

    /**
     * As {@link #open(String, int)}, for statements that take longer than a buyer waits.
     *
     * @param longestStatement the time-out of a statement, whatever is configured for the others
     */
    public ConnectionPool open(String name, int size, Duration longestStatement) {
        ConnectionFactoryOptions patient =
                options.mutate().option(STATEMENT_TIMEOUT, longestStatement).build();
        return open(
                name,
                size,
                ConnectionFactories.get(DriverDefaults.applyTo(patient, loops(longestStatement.plus(MARGIN)))));
    }

    private ConnectionPool open(String name, int size, ConnectionFactory database) {
        ConnectionPoolConfiguration configuration = ConnectionPoolConfiguration.builder(
                        new ThriftyConnections(database))
                .name(name)
                .initialSize(0)
                .maxSize(size)
                .maxAcquireTime(MAX_ACQUIRE_TIME)
                .maxCreateConnectionTime(Duration.ofSeconds(5))
                .acquireRetry(1)
                .preRelease(Connections::leaveClean)
                .customizer(pool -> pool.maxPendingAcquire(size * MAX_WAITING_PER_CONNECTION)
                        .evictionPredicate(Connections::isOver))
                .build();
        return new ConnectionPool(configuration);
    }

    /** In place of the clean-up that {@link ThriftyConnection} leaves out. */
    private static Publisher<Void> leaveClean(Connection connection) {
        return connection.isAutoCommit() ? Mono.empty() : connection.rollbackTransaction();
    }

    /**
     * The pool's own check lets every dead connection fail one borrower, after a restart of the database all of them
     * (r2dbc-pool issue 209). Here they are passed over.
     */
    private static boolean isOver(Connection connection, PooledRefMetadata use) {
        return use.lifeTime() > MAX_LIFE_TIME.toMillis()
                || use.idleTime() > MAX_IDLE_TIME.toMillis()
                || !isConnected(connection);
    }

    /** The driver answers at once: it looks whether the channel is open. */
    private static boolean isConnected(Connection connection) {
        return Mono.from(connection.validate(ValidationDepth.LOCAL)).toFuture().getNow(true);
    }

    private LoopResources loops(Duration maxSilence) {
        LoopResources watched = new WatchedLoops(maxSilence);
        loops.add(watched);
        return watched;
    }

    @Override
    public void destroy() {
        loops.forEach(LoopResources::dispose);
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
