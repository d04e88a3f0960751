package io.giftorders.live;

import io.giftorders.shop.Shop;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that watches a stream of events, on a connection of its own, until it hangs up. */
public final class Listener implements AutoCloseable {

    private static final ParameterizedTypeReference<ServerSentEvent<String>> EVENT =
            new ParameterizedTypeReference<>() {};

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger heartbeats = new AtomicInteger();
    private final Disposable connection;
    private volatile boolean completed;
    private volatile @Nullable Throwable failure;

    /** What was heard. */
    public record Event(String id, String name, JsonNode data) {}

    private Listener(String address, @Nullable String token, @Nullable String lastEventId) {
        HttpClient alone = HttpClient.create(ConnectionProvider.newConnection());
        this.connection = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(alone))
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(1 << 24))
                .build()
                .get()
                .uri(address)
                .headers(headers -> {
                    if (token != null) {
                        headers.setBearerAuth(token);
                    }
                    if (lastEventId != null) {
                        headers.set("Last-Event-ID", lastEventId);
                    }
                })
                .retrieve()
                .bodyToFlux(EVENT)
                .doOnNext(this::heard)
                .subscribe(event -> {}, problem -> failure = problem, () -> completed = true);
    }

    /** Watches the stock. */
    public static Listener ofGifts(Shop shop) {
        return ofGifts(shop, null);
    }

    /** Watches the stock again after a break. */
    public static Listener ofGifts(Shop shop, @Nullable String lastEventId) {
        return new Listener(shop.address() + "/gifts/events", null, lastEventId);
    }

    /** Watches an order. */
    public static Listener ofOrder(Shop shop, String token, String orderCode) {
        return new Listener(shop.address() + "/orders/" + orderCode + "/events", token, null);
    }

    /** Watches what operators watch. */
    public static Listener ofDesk(Shop shop) {
        return new Listener(shop.address() + "/desk/events", Shop.operator(), null);
    }

    private void heard(ServerSentEvent<String> event) {
        if (event.event() != null) {
            events.add(new Event(
                    Objects.requireNonNullElse(event.id(), ""),
                    event.event(),
                    JsonMapper.shared().readTree(event.data())));
        } else if (event.comment() != null) {
            heartbeats.incrementAndGet();
        }
    }

    /** Events heard until now. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** The event with this number, from 0, once it is there. */
    public Event event(int number) {
        Shop.await(() -> {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            return events.size() > number;
        });
        return events.get(number);
    }

    /** The newest event, once there is one. */
    public Event last() {
        event(0);
        return events.get(events.size() - 1);
    }

    public int heartbeats() {
        return heartbeats.get();
    }

    /** Whether the service ended the stream in good order. */
    public boolean completed() {
        return completed;
    }

    /** Whether the stream is over, in whatever way. */
    public boolean over() {
        return completed || failure != null;
    }

    /** Hangs up. */
    @Override
    public void close() {
        connection.dispose();
    }
}
