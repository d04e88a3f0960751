package io.giftorders.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** The driver's connections, which ask the server less often: see {@link ThriftyConnection}. */
final class ThriftyConnections implements ConnectionFactory {

    private final ConnectionFactory driver;

    ThriftyConnections(ConnectionFactory driver) {
        this.driver = driver;
    }

    @Override
    public Publisher<Connection> create() {
        return Mono.from(driver.create()).map(ThriftyConnection::new);
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
        return driver.getMetadata();
    }
}
