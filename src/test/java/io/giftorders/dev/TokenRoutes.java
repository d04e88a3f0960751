package io.giftorders.dev;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import io.giftorders.identity.TestIssuer;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** {@code POST /dev/tokens}: tokens for whoever asks. For development; it lives among the tests and is in no jar. */
@TestConfiguration(proxyBeanMethods = false)
public class TokenRoutes {

    private static final int MAX_TOKENS = 100_000;

    @Bean
    RouterFunction<ServerResponse> tokenApi() {
        return route().POST("/dev/tokens", this::issue).build();
    }

    /** Signing takes most of a millisecond, so it has no place on an event loop. */
    private Mono<ServerResponse> issue(ServerRequest request) {
        return request.bodyToMono(TokenRequest.class)
                .flatMap(wanted -> Mono.fromCallable(() -> tokens(wanted)).subscribeOn(Schedulers.boundedElastic()))
                .flatMap(tokens -> ok().contentType(MediaType.TEXT_PLAIN).bodyValue(tokens));
    }

    private static String tokens(TokenRequest wanted) {
        return wanted.buyers()
                .limit(MAX_TOKENS)
                .parallel()
                .mapToObj(
                        Boolean.TRUE.equals(wanted.operator())
                                ? TestIssuer.INSTANCE::operator
                                : TestIssuer.INSTANCE::buyer)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /**
     * One of: a uid, a list of uids, or uids 1 to count.
     *
     * @param operator whether the tokens get the operator's scope
     */
    private record TokenRequest(
            @Nullable Long uid,
            @Nullable List<Long> uids,
            @Nullable Integer count,
            @Nullable Boolean operator) {

        LongStream buyers() {
            if (uid != null) {
                return LongStream.of(uid);
            }
            if (uids != null) {
                return uids.stream().mapToLong(Long::longValue);
            }
            if (count != null) {
                return LongStream.rangeClosed(1, count);
            }
            throw new InvalidRequest("uid", Detail.of("invalid-request.missing"));
        }
    }
}
