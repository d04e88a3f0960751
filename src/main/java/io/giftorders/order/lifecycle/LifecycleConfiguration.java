package io.giftorders.order.lifecycle;

import io.giftorders.database.Connections;
import io.giftorders.database.Transactions;
import io.giftorders.gift.GiftChanges;
import io.giftorders.order.OrderChanges;
import io.giftorders.work.Recurring;
import io.r2dbc.pool.ConnectionPool;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * Changes of orders come from three sides, each with connections of its own: Alipay, whose payments nothing may hold up; what
 * this service does by itself; and buyers, who share with readers, since a rush of them must starve neither.
 */
@Configuration(proxyBeanMethods = false)
class LifecycleConfiguration {

    /** One for the batches, the others for payments that are settled alone. */
    private static final int SETTLEMENT_CONNECTIONS = 4;

    /** Rounds of asking that run at once, so that a question that hangs holds up a few orders only. */
    private static final int CLOSING_LANES = 4;

    @Bean(destroyMethod = "dispose")
    ConnectionPool settlementConnections(Connections connections) {
        return connections.open("settlement", SETTLEMENT_CONNECTIONS);
    }

    @Bean(destroyMethod = "dispose")
    ConnectionPool lifecycleConnections(Connections connections, LifecycleProperties properties) {
        return connections.open("lifecycle", properties.connections());
    }

    @Bean
    Transactions lifecycleTransactions(@Qualifier("lifecycleConnections") ConnectionPool connections) {
        return new Transactions(connections);
    }

    @Bean
    Changes.Readers changeReaders(OrderChanges orders, GiftChanges gifts) {
        return new Changes.Readers(orders, gifts);
    }

    @Bean
    @Primary
    Transitions lifecycleTransitions(
            Transactions lifecycleTransactions, LifecycleProperties properties, Changes.Readers readers) {
        return new Transitions(lifecycleTransactions, properties, readers);
    }

    @Bean
    Transitions settlementTransitions(
            @Qualifier("settlementConnections") ConnectionPool connections,
            LifecycleProperties properties,
            Changes.Readers readers) {
        return new Transitions(new Transactions(connections), properties, readers);
    }

    @Bean
    Transitions buyerTransitions(
            @Qualifier("generalConnections") ConnectionPool connections,
            LifecycleProperties properties,
            Changes.Readers readers) {
        return new Transitions(new Transactions(connections), properties, readers);
    }

    @Bean
    Recurring expiryWork(Expiry expiry, LifecycleProperties properties) {
        return new Recurring("finish orders", properties.checkEvery(), 1, expiry::finishSome);
    }

    @Bean
    Recurring closingWork(Closing closing, LifecycleProperties properties) {
        return new Recurring("ask about payments", properties.checkEvery(), CLOSING_LANES, closing::askSome);
    }
}
