package io.giftorders.trace;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** A failure is told by the name of its class alone: messages may have in them what is nobody's business. */
final class TracedSpans implements Spans {

    private final Tracer tracer;

    TracedSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public <T> Mono<T> around(String name, Mono<T> work) {
        return Mono.deferContextual(context -> {
            Span span = begin(name, context);
            return work.doOnError(
                            failure -> span.tag("failure", failure.getClass().getSimpleName()))
                    .doFinally(end -> span.end());
        });
    }

    private Span begin(String name, ContextView context) {
        Span parent = parent(context);
        Span.Builder span = tracer.spanBuilder().name(name);
        return parent == null ? span.start() : span.setParent(parent.context()).start();
    }

    /** The span of the request, which Spring keeps in the context of its pipeline. */
    private static @Nullable Span parent(ContextView context) {
        return context.<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
                .map(request -> request.getContext().<TracingContext>get(TracingContext.class))
                .map(TracingContext::getSpan)
                .orElse(null);
    }
}
