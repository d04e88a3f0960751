package io.giftorders.gift;

import io.giftorders.work.Rounds;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class GiftFeedConfiguration {

    @Bean
    Rounds giftFeedWork(GiftFeed feed) {
        return feed.rounds();
    }
}
