package io.giftorders.problem;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * A request the shop understood and declined. It is an answer, not a fault, so it carries no stack trace; it is rendered
 * as an RFC 9457 problem.
 */
public abstract class Refusal extends ErrorResponseException {

    private final String name;
    private final Detail detail;

    /** @param name last part of the problem's {@code type}, such as {@code out-of-stock}; the README lists them */
    protected Refusal(HttpStatus status, String name, Detail detail) {
        super(status, ProblemDetail.forStatusAndDetail(status, detail.in(Language.ENGLISH)), null);
        this.name = name;
        this.detail = detail;
        setType(URI.create("/problems/" + name));
    }

    /** The last part of the problem's {@code type}: stable, and few enough to tag a metric with. */
    public String name() {
        return name;
    }

    /** The problem for who reads this language. The body of the exception is the English one. */
    public ProblemDetail in(Language language) {
        if (language == Language.ENGLISH) {
            return getBody();
        }
        // another object: buyers whose batch failed share one refusal
        ProblemDetail translated = ProblemDetail.forStatusAndDetail(getStatusCode(), detail.in(language));
        translated.setTitle(Titles.of(name, getStatusCode(), language));
        translated.setType(getBody().getType());
        translated.setProperties(getBody().getProperties());
        return translated;
    }

    /** The sentence for a person. */
    public Detail detail() {
        return detail;
    }

    /** Adds a fact that a client can act on. A null value is left out. */
    protected final void fact(String member, @Nullable Object value) {
        if (value != null) {
            getBody().setProperty(member, value);
        }
    }

    /**
     * Router filter that answers refusals, thrown or signalled. Spring's way of rendering exceptions, by a controller
     * advice, takes several times as long; and in a sale most buyers are refused.
     */
    public static Mono<ServerResponse> answered(ServerRequest request, HandlerFunction<ServerResponse> next) {
        try {
            return next.handle(request).onErrorResume(Refusal.class, refusal -> refusal.answer(request));
        } catch (Refusal refusal) {
            return refusal.answer(request);
        }
    }

    private Mono<ServerResponse> answer(ServerRequest request) {
        Language language = Language.of(request.headers().asHttpHeaders());
        return ServerResponse.status(getStatusCode())
                .headers(headers -> headers.addAll(getHeaders()))
                .headers(language::describe)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .bodyValue(in(language));
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
