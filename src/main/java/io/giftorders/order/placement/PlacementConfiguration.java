package io.giftorders.order.placement;

import com.sun.management.OperatingSystemMXBean;
import io.giftorders.database.Connections;
import io.giftorders.gift.GiftChanges;
import io.r2dbc.pool.ConnectionPool;
import java.lang.management.ManagementFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;

@Configuration(proxyBeanMethods = false)
class PlacementConfiguration {

    /** Beyond one a lane: to ask what became of a COMMIT while its connection is stuck, and for one or two stuck ones. */
    private static final int SPARE_CONNECTIONS = 3;

    /** Placing orders has connections of its own: a flood of readers cannot starve it. */
    @Bean(destroyMethod = "dispose")
    ConnectionPool placementConnections(Connections connections, PlacementProperties properties) {
        return connections.open("placement", properties.mostLanes() + SPARE_CONNECTIONS);
    }

    @Bean
    PlacementTransaction placementTransaction(
            @Qualifier("placementConnections") ConnectionPool placementConnections,
            PlacementProperties properties,
            PlacementMetrics metrics) {
        DatabaseClient database = DatabaseClient.create(placementConnections);
        R2dbcTransactionManager transactions = new R2dbcTransactionManager(placementConnections);
        OrderWriter writer = new OrderWriter(database, properties.stockUpdate());
        return new PlacementTransaction(
                TransactionalOperator.create(transactions, transaction(properties.isolation())),
                new SnapshotReader(database, properties.isolation() == Isolation.READ_UNCOMMITTED),
                new BatchInsertion(writer, TransactionalOperator.create(transactions, savepoint())),
                new CommitOutcome(database, properties.resolveFor(), metrics),
                properties,
                metrics);
    }

    @Bean
    GroupCommit groupCommit(
            PlacementTransaction transaction,
            PlacementMetrics metrics,
            PlacementProperties properties,
            GiftChanges changes) {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new GroupCommit(transaction, metrics, properties, changes, machine::getCpuLoad);
    }

    private static TransactionDefinition transaction(Isolation isolation) {
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setName("place orders");
        definition.setIsolationLevel(isolation.value());
        return definition;
    }

    private static TransactionDefinition savepoint() {
        return new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED);
    }
}
