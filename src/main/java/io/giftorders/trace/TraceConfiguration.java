package io.giftorders.trace;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.exporter.SpanExportingPredicate;
import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Hooks;

/** There only where traces are sent somewhere. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(TracingWhenAsked.ENDPOINT)
class TraceConfiguration {

    /** What machines ask, again and again. */
    private static final Pattern PROBES = Pattern.compile("/actuator(/.*)?|/livez|/readyz");

    /** A line of the log can say whose request it is about only where the thread knows. It costs work on every signal. */
    TraceConfiguration() {
        Hooks.enableAutomaticContextPropagation();
    }

    @Bean
    Spans spans(Tracer tracer) {
        return new TracedSpans(tracer);
    }

    @Bean
    SpanExportingPredicate withoutProbes() {
        return span -> !PROBES.matcher(span.getTags().getOrDefault("uri", "")).matches();
    }
}
