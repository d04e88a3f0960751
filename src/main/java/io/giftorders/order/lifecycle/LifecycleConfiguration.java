package io.giftorders.order.lifecycle;

import io.giftorders.database.Connections;
import io.giftorders.database.Transactions;
import io.giftorders.work.Recurring;
import io.r2dbc.pool.ConnectionPool;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LifecycleConfiguration {

    /** Changes of orders have connections of their own: neither readers nor a rush of new orders can starve a payment. */
    @Bean(destroyMethod = "dispose")
    ConnectionPool lifecycleConnections(Connections connections, LifecycleProperties properties) {
        return connections.open("lifecycle", properties.connections());
    }

    @Bean
    Transactions lifecycleTransactions(@Qualifier("lifecycleConnections") ConnectionPool lifecycleConnections) {
        return new Transactions(lifecycleConnections);
    }

    @Bean
    Recurring expiryWork(Expiry expiry, LifecycleProperties properties) {
        return new Recurring("finish orders", properties.checkEvery(), expiry::finishSome);
    }

    @Bean
    Recurring closingWork(Closing closing, LifecycleProperties properties) {
        return new Recurring("ask about payments", properties.checkEvery(), closing::askSome);
    }
}
