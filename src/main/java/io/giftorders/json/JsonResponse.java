package io.giftorders.json;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.CollectionUtils;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * An answer whose JSON is there already. It goes out as one buffer: no writer is looked for and no publisher is wrapped,
 * which is what an answer costs most of otherwise.
 */
public final class JsonResponse implements ServerResponse {

    private static final MultiValueMap<String, ResponseCookie> NO_COOKIES =
            CollectionUtils.unmodifiableMultiValueMap(new LinkedMultiValueMap<>());

    private final HttpStatus status;
    private final HttpHeaders headers = new HttpHeaders();
    private final byte[] json;

    /** @param json UTF-8; not copied */
    public JsonResponse(HttpStatus status, byte[] json) {
        this.status = status;
        this.json = json;
        headers.setContentType(MediaType.APPLICATION_JSON);
        headers.setContentLength(json.length);
    }

    public JsonResponse header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    @Override
    public HttpStatusCode statusCode() {
        return status;
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }

    @Override
    public MultiValueMap<String, ResponseCookie> cookies() {
        return NO_COOKIES;
    }

    @Override
    public Mono<Void> writeTo(ServerWebExchange exchange, Context context) {
        ServerHttpResponse response = exchange.getResponse();
        response.setStatusCode(status);
        response.getHeaders().putAll(headers);
        return response.writeWith(Mono.just(response.bufferFactory().wrap(json)));
    }
}
