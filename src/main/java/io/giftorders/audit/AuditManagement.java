package io.giftorders.audit;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.database.Shield;
import io.giftorders.identity.Identity;
import io.giftorders.problem.BodyTooLarge;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import io.giftorders.problem.Refusal;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The operator's way to the audit, on the management port alone. No stereotype, so that the component scan leaves it
 * alone: routes of the application's context are served on the shop's port. It is listed in
 * {@code ManagementContextConfiguration.imports}, which the context of the management port reads.
 */
final class AuditManagement {

    /** Largest body read, in bytes. Chosen: some 500,000 answers. */
    private static final int MAX_BYTES = 32 * 1024 * 1024;

    private final Audit audit;
    private final Identity identity;
    private final AuditMetrics metrics;

    AuditManagement(Audit audit, Identity identity, MeterRegistry registry) {
        this.audit = audit;
        this.identity = identity;
        this.metrics = new AuditMetrics(registry);
    }

    @Bean
    RouterFunction<ServerResponse> auditApi(WebEndpointProperties management) {
        String books = management.getBasePath() + "/books";
        return route().GET(books, this::check)
                .POST(books, this::compare)
                .filter(identity::operators)
                .filter(Refusal::answered)
                .build();
    }

    private Mono<ServerResponse> check(ServerRequest request) {
        return answer(audit.check(null, null));
    }

    private Mono<ServerResponse> compare(ServerRequest request) {
        @Nullable Instant since = since(request);
        // half a million lines are too long a work for a thread that serves others
        return csv(request)
                .publishOn(Schedulers.boundedElastic())
                .map(Answers::read)
                .flatMap(answers -> answer(audit.check(answers, since)));
    }

    private Mono<ServerResponse> answer(Mono<Report> audit) {
        return audit.doOnNext(metrics::checked).as(Shield::around).flatMap(report -> ok().bodyValue(report));
    }

    private static @Nullable Instant since(ServerRequest request) {
        try {
            return request.queryParam("since").map(Instant::parse).orElse(null);
        } catch (DateTimeParseException noTime) {
            throw new InvalidRequest("since", Detail.of("invalid-request.since"));
        }
    }

    private static Mono<byte[]> csv(ServerRequest request) {
        if (!isCsv(request.headers())) {
            return Mono.error(NotCsv::new);
        }
        if (request.headers().contentLength().orElse(0) > MAX_BYTES) {
            return Mono.error(BodyTooLarge::new);
        }
        return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers()), MAX_BYTES)
                .map(AuditManagement::bytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(DataBufferLimitException.class, tooLarge -> new BodyTooLarge());
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static boolean isCsv(ServerRequest.Headers headers) {
        try {
            return headers.contentType().filter(NotCsv.CSV::isCompatibleWith).isPresent();
        } catch (InvalidMediaTypeException noType) {
            return false;
        }
    }
}
