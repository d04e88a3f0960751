package io.giftorders.trace;

import reactor.core.publisher.Mono;

/** Shows a piece of work in the trace of the request that it is done for, where there are traces. */
public interface Spans {

    /** No traces. Work stays as it is. */
    Spans NONE = new Spans() {
        @Override
        public <T> Mono<T> around(String name, Mono<T> work) {
            return work;
        }
    };

    /**
     * @param name one of a few: it is what one looks for
     * @param work begins a span with each subscription; what comes out of it, and how it fails, stays as it is
     */
    <T> Mono<T> around(String name, Mono<T> work);
}
