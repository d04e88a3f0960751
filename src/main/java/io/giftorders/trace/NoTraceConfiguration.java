package io.giftorders.trace;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** There wherever {@link TraceConfiguration} is not. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(value = TracingWhenAsked.ENDPOINT, havingValue = "false", matchIfMissing = true)
class NoTraceConfiguration {

    @Bean
    Spans spans() {
        return Spans.NONE;
    }
}
