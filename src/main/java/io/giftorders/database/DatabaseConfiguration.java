package io.giftorders.database;

import io.r2dbc.pool.ConnectionPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import reactor.core.publisher.Hooks;

@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    private static final Logger log = LoggerFactory.getLogger(DatabaseConfiguration.class);

    /** Where a connection breaks, what still ran on it fails with nobody to tell: after it was reported once already. */
    DatabaseConfiguration() {
        Hooks.resetOnErrorDropped();
        Hooks.onErrorDropped(failure -> log.atDebug()
                .addKeyValue("cause", DatabaseFailure.summary(failure))
                .log("error came too late"));
    }

    /** For everything but placing orders: reads, and what operators change. */
    @Bean(destroyMethod = "dispose")
    @Primary
    ConnectionPool generalConnections(Connections connections, R2dbcProperties properties) {
        return connections.open("general", properties.getPool().getMaxSize());
    }
}
