package io.giftorders.payment;

import io.giftorders.work.Recurring;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PaymentConfiguration {

    @Bean
    Recurring refundWork(RefundSending sending, PaymentProperties properties) {
        return new Recurring("send refunds", properties.refundCheckEvery(), sending::sendAllDue);
    }

    @Bean
    Recurring billWork(BillComparison comparison, PaymentProperties properties) {
        return new Recurring("compare bills", properties.bill().checkEvery(), comparison::compareAllDue);
    }
}
