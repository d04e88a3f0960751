package io.giftorders.payment;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/** The ways into a shop whose instances come and go. Whoever finds a door shut learns nothing of what happened behind it. */
public final class Doors {

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int TRIES = 40;

    private final List<WebClient> doors;
    private final WebClient elsewhere = Shop.client("");

    public Doors(List<String> addresses) {
        this.doors = addresses.stream().map(Shop::client).toList();
    }

    /** One call to one instance; empty where no answer came. */
    public Optional<Answer> knock(
            HttpMethod method, String path, String token, @Nullable String json, @Nullable String key) {
        WebClient door = doors.get(ThreadLocalRandom.current().nextInt(doors.size()));
        WebClient.RequestBodySpec request = door.method(method).uri(path).headers(headers -> {
            headers.setBearerAuth(token);
            if (key != null) {
                headers.set("Idempotency-Key", key);
            }
        });
        return answered((json == null
                        ? request
                        : request.contentType(MediaType.APPLICATION_JSON).bodyValue(json))
                .exchangeToMono(response -> response.bodyToMono(Map.class)
                        .defaultIfEmpty(Map.of())
                        .map(body -> new Answer(
                                response.statusCode().value(),
                                body,
                                response.headers().asHttpHeaders()))));
    }

    /** The same call until an instance answers it, and not that it cannot; empty where none does for long. */
    public Optional<Answer> insist(
            HttpMethod method, String path, String token, @Nullable String json, @Nullable String key) {
        List<Integer> refused = new ArrayList<>();
        while (refused.size() < TRIES) {
            Optional<Answer> answer = knock(method, path, token, json, key);
            if (answer.isPresent() && answer.get().status() < 500) {
                return answer;
            }
            refused.add(answer.map(Answer::status).orElse(0));
            Pauses.millis(250);
        }
        return Optional.empty();
    }

    Optional<Answer> act(String token, String orderCode, String verb) {
        return knock(HttpMethod.POST, "/orders/" + orderCode + "/" + verb, token, null, null);
    }

    /** A browser that is sent somewhere, or Alipay that delivers; nobody waits for what comes of it. */
    public void visit(String url, @Nullable String form) {
        WebClient.RequestHeadersSpec<?> request = form == null
                ? elsewhere.get().uri(URI.create(url))
                : elsewhere
                        .post()
                        .uri(URI.create(url))
                        .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                        .bodyValue(form);
        var unused = answered(request.exchangeToMono(response ->
                response.releaseBody().thenReturn(response.statusCode().value())));
    }

    private static <T> Optional<T> answered(Mono<T> call) {
        return call.timeout(PATIENCE).onErrorResume(shut -> Mono.empty()).blockOptional();
    }
}
