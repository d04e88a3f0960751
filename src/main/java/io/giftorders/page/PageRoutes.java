package io.giftorders.page;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class PageRoutes {

    private final SignIn signIn;
    private final SecurityHeaders security;

    /** Read when the first page is asked for: a start in the middle of a sale need not wait for it. */
    private final Mono<PageFiles> files = Mono.fromCallable(PageFiles::read)
            .subscribeOn(Schedulers.boundedElastic())
            .cache(read -> Duration.ofMillis(Long.MAX_VALUE), failed -> Duration.ZERO, () -> Duration.ZERO);

    PageRoutes(PageProperties properties) {
        this.signIn = SignIn.of(properties);
        this.security = new SecurityHeaders(properties.openId());
    }

    @Bean
    RouterFunction<ServerResponse> signInApi() {
        return route().GET("/sign-in", this::howToSignIn).build();
    }

    /** Asked last of all routes. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    RouterFunction<ServerResponse> pages() {
        return route().resources(this::find, this::describe).build();
    }

    private Mono<ServerResponse> howToSignIn(ServerRequest request) {
        return ok().cacheControl(CacheControl.noCache()).bodyValue(signIn);
    }

    private Mono<Resource> find(ServerRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return Mono.empty();
        }
        boolean gzip = Gzip.acceptedBy(request.headers().header(HttpHeaders.ACCEPT_ENCODING));
        return files.flatMap(all -> Mono.justOrEmpty(all.find(request.path())))
                .flatMap(found -> found.file().as(gzip, found.unchanging()));
    }

    private void describe(Resource file, HttpHeaders headers) {
        if (file instanceof Representation representation) {
            representation.describe(headers);
            security.addTo(headers);
        }
    }
}
