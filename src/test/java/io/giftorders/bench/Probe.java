package io.giftorders.bench;

import io.giftorders.shop.Shop;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A few buyers beside a load, who come at their own pace, whether others are answered or not. wrk does not tell the time
 * of a 201 from that of a 503; this does.
 */
final class Probe implements AutoCloseable {

    /** Not one of the gifts that loads beside it order, whose sales are checked. */
    private static final int GIFT = 1_000;

    private static final int BUYERS = 50;

    /** Chosen: 6,000 answers in a minute, and next to nothing of the machine. */
    private static final Duration PACE = Duration.ofMillis(10);

    /** Beyond what waits at this pace under any deadline of the service. */
    private static final int MAX_WAITING = 1_000;

    private final Queue<Timed> answers = new ConcurrentLinkedQueue<>();
    private final Disposable buyers;

    Probe(String address) {
        WebClient web = Shop.client(address);
        this.buyers = Flux.interval(PACE)
                .onBackpressureDrop()
                .flatMap(i -> send(web, 1 + i % BUYERS), MAX_WAITING)
                .subscribe(answers::add);
    }

    private static Mono<Timed> send(WebClient web, long uid) {
        long sentAt = System.nanoTime();
        return web.post()
                .uri("/orders")
                .headers(headers -> headers.setBearerAuth(Shop.buyer(uid)))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"" + GIFT + "\": 1}")
                .exchangeToMono(answer -> answer.releaseBody()
                        .thenReturn(new Timed(answer.statusCode().value(), (System.nanoTime() - sentAt) / 1e6)))
                .onErrorComplete();
    }

    /** Answers with this status. */
    long count(int status) {
        return answers.stream().filter(answer -> answer.status == status).count();
    }

    /** Milliseconds within which 99 % of the answers with this status came; NaN where there was none. */
    double p99(int status) {
        double[] times = answers.stream()
                .filter(answer -> answer.status == status)
                .mapToDouble(Timed::millis)
                .sorted()
                .toArray();
        return times.length == 0 ? Double.NaN : times[(int) Math.ceil(times.length * 0.99) - 1];
    }

    @Override
    public void close() {
        buyers.dispose();
    }

    private record Timed(int status, double millis) {}
}
