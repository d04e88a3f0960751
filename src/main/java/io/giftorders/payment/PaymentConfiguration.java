package io.giftorders.payment;

import io.giftorders.database.Transactions;
import io.giftorders.work.Recurring;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PaymentConfiguration {

    @Bean
    PaymentBooks paymentBooks(Transactions lifecycleTransactions) {
        return new PaymentBooks(lifecycleTransactions.database());
    }

    @Bean
    RefundBooks refundBooks(Transactions lifecycleTransactions) {
        return new RefundBooks(lifecycleTransactions.database());
    }

    @Bean
    Recurring refundWork(RefundSending sending, PaymentProperties properties) {
        return new Recurring("send refunds", properties.refundCheckEvery(), 1, sending::sendSome);
    }

    @Bean
    Recurring openRefundWork(RefundWatch watch) {
        return new Recurring("look for open refunds", RefundWatch.EVERY, 1, watch::look);
    }

    @Bean
    Recurring billWork(BillComparison comparison, PaymentProperties properties) {
        return new Recurring("compare bills", properties.bill().checkEvery(), 1, comparison::compareNext);
    }
}
