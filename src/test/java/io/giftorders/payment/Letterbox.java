package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** Where notifies arrive, for those who write them by hand. */
final class Letterbox {

    private static final String FORM = "application/x-www-form-urlencoded";

    private final WebClient web;

    Letterbox(Shop shop) {
        web = Shop.client(shop.address());
    }

    Reply drop(Map<String, String> parameters) {
        return drop(LocalAlipay.form(parameters));
    }

    Reply drop(String form) {
        return drop(form.getBytes(StandardCharsets.US_ASCII), FORM);
    }

    Reply drop(byte[] body, @Nullable String contentType) {
        return send(body, contentType).block();
    }

    /** Sends when subscribed to. */
    Mono<Reply> send(String form) {
        return send(form.getBytes(StandardCharsets.US_ASCII), FORM);
    }

    private Mono<Reply> send(byte[] body, @Nullable String contentType) {
        return web.post()
                .uri("/alipay/notify")
                .headers(headers -> {
                    headers.remove("Content-Type");
                    if (contentType != null) {
                        headers.set("Content-Type", contentType);
                    }
                })
                .body((request, context) -> {
                    request.getHeaders().setContentLength(body.length);
                    return request.writeWith(
                            Mono.fromSupplier(() -> request.bufferFactory().wrap(body)));
                })
                .exchangeToMono(answer -> answer.bodyToMono(String.class)
                        .defaultIfEmpty("")
                        .map(text -> new Reply(
                                answer.statusCode().value(),
                                text,
                                answer.headers().contentType().orElse(MediaType.ALL))));
    }

    /** The same parameters with some of another value; the signature is that of before. */
    static Map<String, String> with(Map<String, String> parameters, String... changes) {
        Map<String, String> changed = new TreeMap<>(parameters);
        for (int name = 0; name < changes.length; name += 2) {
            changed.put(changes[name], changes[name + 1]);
        }
        return changed;
    }

    /** The same parameters without one; the signature is that of before. */
    static Map<String, String> without(Map<String, String> parameters, String name) {
        Map<String, String> changed = new TreeMap<>(parameters);
        changed.remove(name);
        return changed;
    }

    /** As Alipay would have signed it. */
    static Map<String, String> signed(Map<String, String> parameters) {
        return LocalAlipay.shared().sign(without(without(parameters, "sign"), "sign_type"));
    }

    record Reply(int status, String text, MediaType type) {

        /** Alipay does not tell it again. */
        void mustBeSuccess() {
            assertThat(this).isEqualTo(new Reply(200, "success", MediaType.TEXT_PLAIN));
        }

        /** Alipay tells it again. */
        void mustBeFailure(int expectedStatus) {
            assertThat(this).isEqualTo(new Reply(expectedStatus, "failure", MediaType.TEXT_PLAIN));
        }
    }
}
