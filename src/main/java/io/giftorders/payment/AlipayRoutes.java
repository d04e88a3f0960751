package io.giftorders.payment;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.seeOther;

import io.giftorders.database.Shield;
import io.giftorders.json.JsonBody;
import io.giftorders.payment.alipay.NotFromAlipay;
import io.giftorders.problem.BodyTooLarge;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import io.giftorders.problem.Language;
import io.giftorders.problem.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/** Where Alipay and those who come from it arrive. Nobody has a token here: a signature says who speaks. */
@Configuration(proxyBeanMethods = false)
class AlipayRoutes {

    private static final Logger log = LoggerFactory.getLogger(AlipayRoutes.class);

    private static final String PROBLEM_PAGE = """
            <!doctype html>
            <html lang="%1$s">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>%2$s</title>
            <h1>%2$s</h1>
            <p>%3$s</p>
            <p>%4$s</p>
            </html>
            """;

    private final Notices notices;
    private final Returns returns;
    private final PaymentMetrics metrics;

    AlipayRoutes(Notices notices, Returns returns, PaymentMetrics metrics) {
        this.notices = notices;
        this.returns = returns;
        this.metrics = metrics;
    }

    @Bean
    RouterFunction<ServerResponse> alipayApi() {
        return route().POST("/alipay/notify", this::takeNotice)
                .GET("/alipay/return", this::takeBack)
                .build();
    }

    /** The one answer that ends Alipay's repetitions is the word {@code success}, and it is given after COMMIT only. */
    private Mono<ServerResponse> takeNotice(ServerRequest request) {
        return body(request)
                .flatMap(form -> notices.take(form).as(Shield::uncancelled).thenReturn(HttpStatus.OK))
                .cast(HttpStatusCode.class)
                .doOnNext(taken -> metrics.notified("success"))
                .onErrorResume(failure -> Mono.just(statusOf(failure)))
                .flatMap(status -> ServerResponse.status(status)
                        .contentType(MediaType.TEXT_PLAIN)
                        .bodyValue(status.is2xxSuccessful() ? "success" : "failure"));
    }

    /** Whatever its type is said to be. A body that does not come to its end is not Alipay's loss nor a fault here. */
    private static Mono<byte[]> body(ServerRequest request) {
        return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers()), JsonBody.MAX_BYTES)
                .map(AlipayRoutes::bytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(failure -> failure instanceof DataBufferLimitException
                        ? new BodyTooLarge()
                        : new InvalidRequest("body", Detail.of("invalid-request.no-body")));
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private HttpStatusCode statusOf(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            metrics.notified(refusal.name());
            return refusal.getStatusCode();
        }
        metrics.notified("internal-error");
        log.atError().setCause(failure).log("notify failed unexpectedly");
        return HttpStatus.INTERNAL_SERVER_ERROR;
    }

    private Mono<ServerResponse> takeBack(ServerRequest request) {
        String query = request.uri().getRawQuery();
        return returns.take(query == null ? "" : query)
                .as(Shield::around)
                .flatMap(page -> seeOther(page).build())
                .onErrorResume(Refusal.class, refusal -> problemPage(refusal, request));
    }

    private static Mono<ServerResponse> problemPage(Refusal refusal, ServerRequest request) {
        Language language = Language.of(request.headers().asHttpHeaders());
        Detail title = refusal instanceof NotFromAlipay
                ? Detail.of("return-page.not-from-alipay")
                : Detail.of("return-page.try-again");
        return ServerResponse.status(refusal.getStatusCode())
                .headers(headers -> headers.addAll(refusal.getHeaders()))
                .headers(language::describe)
                .header("Content-Security-Policy", "default-src 'none'")
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .bodyValue(PROBLEM_PAGE.formatted(
                        language.tag(),
                        HtmlUtils.htmlEscape(title.in(language)),
                        HtmlUtils.htmlEscape(refusal.detail().in(language)),
                        HtmlUtils.htmlEscape(Detail.of("return-page.look").in(language))));
    }
}
