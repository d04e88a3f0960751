package io.giftorders.audit;

import io.giftorders.database.Connections;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    /** Chosen: measured with a million paid orders, the longest takes 5 s, and time grows with the orders. */
    private static final Duration LONGEST_STATEMENT = Duration.ofMinutes(2);

    /** One: there is one audit at a time, and nobody else waits for it. */
    @Bean(destroyMethod = "dispose")
    ConnectionPool auditConnections(Connections connections) {
        return connections.open("audit", 1, LONGEST_STATEMENT);
    }

    @Bean
    Audit audit(@Qualifier("auditConnections") ConnectionPool auditConnections) {
        return new Audit(auditConnections);
    }
}
