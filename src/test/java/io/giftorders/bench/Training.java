package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.machine.Ports;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Makes the AOT cache (JEP 483, 514, 515) of an unpacked service: starts it, buys in the ways buyers do, and stops it. What
 * it loaded, linked and found worth compiling is in the cache then. Needs JDK 25 or newer; the JVM that uses the cache
 * must be the one that made it, and find the jars where they were.
 *
 * <p>As a program: {@code training.java-home}, home of that JVM; {@code training.jar}, the service, unpacked beside its
 * libraries; {@code training.cache}, the file to make; {@code training.options}, further options of the JVM, the same that
 * it will be started with; {@code training.seconds}, how long it sells, 60 where nothing is said.
 */
public final class Training {

    /**
     * Chosen: what runs once for a batch is seen less often than what runs for each order. On a slow machine a cache of twenty
     * seconds sold a quarter less in its first minute than one of ninety; a minute is what an image's build can bear.
     */
    private static final Duration SALE = Duration.ofSeconds(Integer.getInteger("training.seconds", 60));

    private static final Duration LONGEST_END = Duration.ofMinutes(5);

    private static final int BUYERS = 64;

    private static final int OVERLOADED = 503;

    /** Chosen: a machine that has too much to do gets some rest. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    static final int PLENTY = 1_000_000_000;

    private static final int GIFTS = 5;
    private static final long HOT = 1;
    private static final long SCARCE = 2;
    private static final String THREE_GIFTS = "{\"3\": 1, \"4\": 2, \"5\": 3}";

    /** Chosen: most visits are plain orders. */
    private static final int KINDS_OF_VISIT = 20;

    private final WebClient web;
    private final WebClient management;

    private Training(WebClient web, WebClient management) {
        this.web = web;
        this.management = management;
    }

    public static void main(String[] arguments) {
        Program.run(
                "training-database",
                server -> make(
                        Path.of(System.getProperty("training.cache")).toAbsolutePath(),
                        java(Path.of(System.getProperty("training.java-home", System.getProperty("java.home")))),
                        Path.of(System.getProperty("training.jar")).toAbsolutePath(),
                        server,
                        options(System.getProperty("training.options", ""))));
    }

    /** Options of a JVM, with blanks between them. */
    static List<String> options(String text) {
        return Stream.of(text.split(" ", -1))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    static Path java(Path home) {
        return home.resolve("bin").resolve("java");
    }

    /** @param options of the JVM, the same that it will be started with */
    static void make(Path cache, Path java, Path jar, TestDatabase server, List<String> options) {
        int managementPort = Ports.free();
        Map<String, String> environment = new HashMap<>(Cluster.environment(server, server.url("training")));
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort));
        String[] all = Stream.concat(options.stream(), Stream.of("-XX:AOTCacheOutput=" + cache))
                .toArray(String[]::new);
        try (ServiceProcess service = ServiceProcess.start(java, jar, Ports.free(), environment, all)) {
            service.untilReady();
            new Training(Shop.client(service.address()), Shop.client("http://127.0.0.1:" + managementPort)).sell();
            service.terminate();
            int status = service.awaitEnd(LONGEST_END);
            if (!Files.exists(cache)) {
                throw new IllegalStateException(
                        "the service ended with " + status + " and made no cache:\n" + service.output());
            }
        }
    }

    private void sell() {
        Flux.range(1, GIFTS)
                .concatMap(gift -> putOnSale(web, gift, gift == SCARCE ? 1 : PLENTY))
                .blockLast();
        long end = System.nanoTime() + SALE.toNanos();
        Flux.range(1, BUYERS)
                .flatMap(uid -> visits(uid, end), BUYERS)
                .count()
                .doOnNext(visits -> System.out.println("trained with " + visits + " visits"))
                .block();
        Flux.just("/actuator/health", "/actuator/prometheus")
                .concatMap(path -> management.get().uri(path).exchangeToMono(answer -> answer.releaseBody()))
                .blockLast();
    }

    static Mono<Answer> putOnSale(WebClient web, int gift, int stock) {
        String json = "{\"name\": \"Gift " + gift + "\", \"price\": \"9.90\", \"stock\": " + stock + "}";
        return expect(201, Shop.call(web, HttpMethod.POST, "/gifts", Shop.operator(), json, null));
    }

    /** A buyer who comes again and again. */
    private Flux<Answer> visits(long uid, long end) {
        return Flux.range(0, Integer.MAX_VALUE)
                .takeWhile(visit -> System.nanoTime() < end)
                .concatMap(visit -> visit(uid, uid + "-" + visit, visit), 0);
    }

    private Mono<Answer> visit(long uid, String key, int visit) {
        return switch (visit % KINDS_OF_VISIT) {
            case 1 -> order(201, uid, THREE_GIFTS, key).flatMap(first -> order(200, uid, THREE_GIFTS, key));
            case 2 -> Shop.order(web, uid, cart(SCARCE), key);
            case 3 -> call(uid, HttpMethod.GET, "/gifts");
            case 4 -> call(uid, HttpMethod.GET, "/orders");
            case 5 ->
                order(201, uid, cart(HOT), key)
                        .flatMap(order -> call(uid, HttpMethod.POST, "/orders/" + order.orderCode() + "/cancel"));
            case 6 ->
                order(201, uid, cart(HOT), key)
                        .flatMap(order -> call(uid, HttpMethod.POST, "/orders/" + order.orderCode() + "/pay"))
                        .flatMap(link -> Mono.fromCallable(() -> pay(link)).subscribeOn(Schedulers.boundedElastic()));
            case 7 -> order(201, uid, cart(HOT), null);
            default -> order(201, uid, cart(HOT), key);
        };
    }

    /** What the buyer does at the cashier; Alipay notifies the shop. */
    private static Answer pay(Answer link) {
        LocalAlipay.shared()
                .pay(LocalAlipay.shared().open(String.valueOf(link.body().get("pay_url"))));
        return link;
    }

    private Mono<Answer> order(int status, long uid, String cart, @Nullable String key) {
        return expect(status, Shop.order(web, uid, cart, key));
    }

    private Mono<Answer> call(long uid, HttpMethod method, String path) {
        return expect(200, Shop.call(web, method, path, Shop.buyer(uid), null, null));
    }

    /** A profile of refusals would make the wrong service fast. A busy machine may delay a visit, and spoils nothing. */
    private static Mono<Answer> expect(int status, Mono<Answer> answer) {
        return answer.flatMap(heard -> {
            if (heard.status() == status) {
                return Mono.just(heard);
            }
            return heard.status() == OVERLOADED
                    ? Mono.delay(PAUSE).then(Mono.empty())
                    : Mono.error(new IllegalStateException("expected " + status + ": " + heard));
        });
    }

    private static String cart(long gift) {
        return "{\"" + gift + "\": 1}";
    }
}
