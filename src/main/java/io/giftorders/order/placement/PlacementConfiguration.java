package io.giftorders.order.placement;

import io.giftorders.database.Connections;
import io.r2dbc.pool.ConnectionPool;
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

    /** Placing orders has connections of its own: a flood of readers cannot starve it. One a lane, one to ask after COMMITs. */
    @Bean(destroyMethod = "dispose")
    ConnectionPool placementConnections(Connections connections, PlacementProperties properties) {
        return connections.open("placement", properties.lanes() + 1);
    }

    @Bean
    PlacementTransaction placementTransaction(
            ConnectionPool placementConnections, PlacementProperties properties, PlacementMetrics metrics) {
        DatabaseClient database = DatabaseClient.create(placementConnections);
        R2dbcTransactionManager transactions = new R2dbcTransactionManager(placementConnections);
        return new PlacementTransaction(
                TransactionalOperator.create(transactions, transaction(properties.isolation())),
                TransactionalOperator.create(transactions, savepoint()),
                new SnapshotReader(database, locksGifts(properties)),
                new OrderWriter(database, properties.stockUpdate()),
                new CommitOutcome(database, properties.resolveFor(), metrics),
                properties,
                metrics);
    }

    @Bean
    GroupCommit groupCommit(
            PlacementTransaction transaction, PlacementMetrics metrics, PlacementProperties properties) {
        return new GroupCommit(transaction, metrics, properties);
    }

    /**
     * Two levels lock what they read whatever the mode: at read uncommitted a refusal could rest on stock that another
     * transaction takes and gives back, and serializable locks shared, which deadlocks when two want to update.
     */
    private static boolean locksGifts(PlacementProperties properties) {
        return properties.stockUpdate() == StockUpdate.LOCKED
                || properties.isolation() == Isolation.READ_UNCOMMITTED
                || properties.isolation() == Isolation.SERIALIZABLE;
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
