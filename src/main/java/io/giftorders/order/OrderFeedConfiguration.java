package io.giftorders.order;

import io.giftorders.work.Rounds;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OrderFeedConfiguration {

    @Bean
    Rounds orderFeedWork(OrderFeed feed) {
        return feed.rounds();
    }
}
