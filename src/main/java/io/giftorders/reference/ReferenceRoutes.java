package io.giftorders.reference;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.util.DigestUtils;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class ReferenceRoutes {

    private final byte[] document = read();
    private final String etag = '"' + DigestUtils.md5DigestAsHex(document) + '"';

    @Bean
    RouterFunction<ServerResponse> referenceApi() {
        return route().GET("/openapi.yaml", this::show).build();
    }

    /** Another version of the service has another document at this address: whoever has a copy asks, and hears 304. */
    private Mono<ServerResponse> show(ServerRequest request) {
        return ok().contentType(MediaType.APPLICATION_YAML)
                .eTag(etag)
                .cacheControl(CacheControl.noCache())
                .bodyValue(document);
    }

    private static byte[] read() {
        try {
            return new ClassPathResource("openapi.yaml").getContentAsByteArray();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
