package io.giftorders.problem;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** The one place that renders errors, those of router functions included, as RFC 9457 problems. */
@RestControllerAdvice
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    /** Reads the files now, at the start: an event loop must not. */
    Problems() {
        Texts.in(Language.ENGLISH);
    }

    /** The codec's limit is an {@link IllegalStateException} to the framework, which would make it a 500. */
    @ExceptionHandler
    Mono<ResponseEntity<Object>> bodyTooLarge(DataBufferLimitException tooLarge, ServerWebExchange exchange) {
        return answer(new BodyTooLarge(), exchange);
    }

    /** A client that is gone in the middle of its request: nobody listens, and it is nobody's fault. */
    @ExceptionHandler
    Mono<Void> hungUp(AbortedException gone) {
        return Mono.empty();
    }

    /** A bug: logged once, with its stack; the client learns nothing about the inside. */
    @ExceptionHandler
    Mono<ResponseEntity<Object>> unexpected(Exception bug, ServerWebExchange exchange) {
        log.atError()
                .addKeyValue("path", exchange.getRequest().getPath())
                .setCause(bug)
                .log("unexpected failure");
        ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.INTERNAL_SERVER_ERROR);
        name(problem, "internal-error", HttpStatus.INTERNAL_SERVER_ERROR, languageOf(exchange));
        return createResponseEntity(problem, HttpHeaders.EMPTY, HttpStatus.INTERNAL_SERVER_ERROR, exchange);
    }

    /** Those that no route answered by itself. */
    @Override
    protected Mono<ResponseEntity<Object>> handleErrorResponseException(
            ErrorResponseException failure, HttpHeaders headers, HttpStatusCode status, ServerWebExchange exchange) {
        return failure instanceof Refusal refusal
                ? answer(refusal, exchange)
                : super.handleErrorResponseException(failure, headers, status, exchange);
    }

    private Mono<ResponseEntity<Object>> answer(Refusal refusal, ServerWebExchange exchange) {
        return handleExceptionInternal(
                refusal, refusal.in(languageOf(exchange)), refusal.getHeaders(), refusal.getStatusCode(), exchange);
    }

    /** Framework refusals (404, 405, 415 …) get a stable type too, named after their status. */
    @Override
    protected Mono<ResponseEntity<Object>> createResponseEntity(
            @Nullable Object body, @Nullable HttpHeaders headers, HttpStatusCode status, ServerWebExchange exchange) {
        Language language = languageOf(exchange);
        HttpStatus known = HttpStatus.resolve(status.value());
        if (body instanceof ProblemDetail problem && problem.getType() == null && known != null) {
            name(problem, known.name().toLowerCase(Locale.ROOT).replace('_', '-'), status, language);
        }
        return super.createResponseEntity(body, described(headers, language), status, exchange);
    }

    /** Gives it its type. In English the framework has said the rest. */
    private static void name(ProblemDetail problem, String name, HttpStatusCode status, Language language) {
        problem.setType(URI.create("/problems/" + name));
        if (language != Language.ENGLISH) {
            problem.setTitle(Titles.of(name, status, language));
            problem.setDetail(Titles.detailOf(name, language));
        }
    }

    private static Language languageOf(ServerWebExchange exchange) {
        return Language.of(exchange.getRequest().getHeaders());
    }

    private static HttpHeaders described(@Nullable HttpHeaders headers, Language language) {
        HttpHeaders all = new HttpHeaders();
        if (headers != null) {
            all.addAll(headers);
        }
        language.describe(all);
        return all;
    }
}
