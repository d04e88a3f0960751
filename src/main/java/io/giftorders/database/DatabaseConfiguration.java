package io.giftorders.database;

import io.r2dbc.pool.ConnectionPool;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    /** For everything but placing orders: reads, and what operators change. */
    @Bean(destroyMethod = "dispose")
    @Primary
    ConnectionPool generalConnections(Connections connections, R2dbcProperties properties) {
        return connections.open("general", properties.getPool().getMaxSize());
    }
}
