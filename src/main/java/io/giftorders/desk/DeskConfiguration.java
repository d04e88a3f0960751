package io.giftorders.desk;

import io.giftorders.work.Recurring;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class DeskConfiguration {

    private static final Duration EVERY = Duration.ofSeconds(1);

    @Bean
    Recurring figureWork(FigureFeed feed) {
        return new Recurring(
                "read figures", EVERY, 1, () -> Mono.fromRunnable(feed::look).thenReturn(false));
    }
}
