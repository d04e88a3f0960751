package io.giftorders.shop;

import io.giftorders.GiftOrdersApplication;
import io.giftorders.database.Connections;
import io.giftorders.database.DatabaseFailure;
import io.giftorders.database.TestDatabase;
import io.giftorders.dev.TokenRoutes;
import io.giftorders.identity.TestIssuer;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.machine.Ports;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.server.RouterFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;

/**
 * A running instance of the service, as a client and its operator see it: over HTTP on a port of its own, configured by the
 * settings that production has. Several instances may share a database.
 */
public final class Shop implements AutoCloseable {

    /** Signing is most of the cost of a test with thousands of buyers. */
    private static final Map<Long, String> TOKENS = new ConcurrentHashMap<>();

    private static final String OPERATOR = TestIssuer.INSTANCE.operator(1);

    private static final int MAX_CONNECTIONS = 2_000;

    /** Chosen: beyond every deadline of the service, so that an answer that never comes fails a test. */
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

    private final ConfigurableApplicationContext context;
    private final ManagementPort management;
    private final String databaseUrl;
    private final WebClient web;
    private final WebTestClient http;
    private final DatabaseClient database;

    private Shop(ConfigurableApplicationContext context, ManagementPort management, String databaseUrl) {
        this.context = context;
        this.management = management;
        this.databaseUrl = databaseUrl;
        this.web = client(address());
        this.http = WebTestClient.bindToServer()
                .baseUrl(address())
                .responseTimeout(Duration.ofSeconds(30))
                .build();
        this.database = DatabaseClient.create(context.getBean("generalConnections", ConnectionFactory.class));
    }

    /** Opens a shop on an empty database of the shared server. */
    public static Shop open(String... settings) {
        return on(TestDatabase.shared(), TestDatabase.freshUrl(), settings);
    }

    /** Opens one more instance on this shop's database. */
    public Shop another(String... settings) {
        return on(TestDatabase.shared(), databaseUrl, settings);
    }

    /** Opens a shop on whose pages one signs in as a demo buyer or operator, as in development. */
    public static Shop withDemoSignIn(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--gift-orders.pages.demo-tokens=/dev/tokens");
        return on(
                TestDatabase.shared(),
                TestDatabase.freshUrl(),
                new Class<?>[] {GiftOrdersApplication.class, TokenRoutes.class},
                all.toArray(String[]::new));
    }

    /** Opens a shop that does next to nothing by itself: its own rounds are too far apart to be of any help. */
    public static Shop resting(TestDatabase server, String databaseUrl, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "--gift-orders.lifecycle.check-every=1m",
                "--gift-orders.payment.refund-check-every=1m",
                "--gift-orders.payment.bill.check-every=1h"));
        all.addAll(List.of(settings));
        return on(server, databaseUrl, all.toArray(String[]::new));
    }

    public static Shop on(TestDatabase server, String databaseUrl, String... settings) {
        return on(server, databaseUrl, new Class<?>[] {GiftOrdersApplication.class}, settings);
    }

    private static Shop on(TestDatabase server, String databaseUrl, Class<?>[] sources, String... settings) {
        int port = Ports.free();
        List<String> arguments = new ArrayList<>(List.of(
                "--spring.r2dbc.url=" + databaseUrl,
                "--spring.r2dbc.username=" + server.username(),
                "--spring.r2dbc.password=" + server.password(),
                "--spring.sql.init.mode=always",
                "--spring.security.oauth2.resourceserver.jwt.public-key-location="
                        + TestIssuer.INSTANCE.publicKeyLocation(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--management.server.address=127.0.0.1",
                "--management.server.port=0",
                "--logging.level.root=warn"));
        arguments.addAll(LocalAlipay.shared().settings());
        // Alipay's notifies come here, so the port is known beforehand
        arguments.add("--gift-orders.alipay.public-url=http://127.0.0.1:" + port);
        arguments.addAll(List.of(settings));
        ManagementPort management = new ManagementPort();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(sources)
                .initializers(Shop::ownEventLoops)
                .listeners(management)
                .run(arguments.toArray(String[]::new));
        return new Shop(context, management, databaseUrl);
    }

    /** Its context is a child of the service's, which has no way to it: it says itself that it is there. */
    private static final class ManagementPort implements ApplicationListener<WebServerInitializedEvent> {

        private volatile @Nullable ApplicationContext context;

        @Override
        public void onApplicationEvent(WebServerInitializedEvent started) {
            if (WebServerApplicationContext.hasServerNamespace(started.getApplicationContext(), "management")) {
                context = started.getApplicationContext();
            }
        }
    }

    /** A process has one service; here several share one, and closing the first must not take the others' event loops. */
    private static void ownEventLoops(ConfigurableApplicationContext context) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        ((GenericApplicationContext) context).registerBean(ReactorResourceFactory.class, () -> resources);
    }

    /** A client with connections enough for a sale. */
    public static WebClient client(String address) {
        HttpClient connections = HttpClient.create(ConnectionProvider.builder("buyers")
                        .maxConnections(MAX_CONNECTIONS)
                        .pendingAcquireMaxCount(-1)
                        .build())
                .responseTimeout(LONGEST_ANSWER);
        return WebClient.builder()
                .baseUrl(address)
                .clientConnector(new ReactorClientHttpConnector(connections))
                .build();
    }

    public static String buyer(long uid) {
        return TOKENS.computeIfAbsent(uid, TestIssuer.INSTANCE::buyer);
    }

    public String address() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    public String managementAddress() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port");
    }

    public WebTestClient http() {
        return http;
    }

    public DatabaseClient database() {
        return database;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The routes of the service, those of its management port included. */
    public List<RouterFunction<?>> routes() {
        return Stream.of(context, Objects.requireNonNull(management.context))
                .flatMap(served -> served.getBeansOfType(RouterFunction.class).values().stream())
                .<RouterFunction<?>>map(routes -> routes)
                .toList();
    }

    /** Puts a gift on sale at 9.90 and returns its id. */
    public long gift(long stock) {
        return gift(stock, "");
    }

    /** @param terms further members of the JSON object, each with a comma before it */
    public long gift(long stock, String terms) {
        return gift("Tea set 茶具", "9.90", stock, terms);
    }

    /** @param terms further members of the JSON object, each with a comma before it */
    public long gift(String name, String price, long stock, String terms) {
        return Objects.requireNonNull(http.post()
                                        .uri("/gifts")
                                        .headers(headers -> headers.setBearerAuth(OPERATOR))
                                        .contentType(MediaType.APPLICATION_JSON)
                                        .bodyValue("{\"name\": \"" + name + "\", \"price\": \"" + price
                                                + "\", \"stock\": " + stock + terms + "}")
                                        .exchange()
                                        .expectStatus()
                                        .isCreated()
                                        .expectBody(Map.class)
                                        .returnResult()
                                        .getResponseBody())
                                .get("id")
                        instanceof Number id
                ? id.longValue()
                : -1;
    }

    /** Sets a gift's limit per buyer, as an operator. */
    public Mono<Answer> limit(long gift, int pieces) {
        return web.patch()
                .uri("/gifts/" + gift)
                .headers(headers -> headers.setBearerAuth(OPERATOR))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"limit_per_user\": " + pieces + "}")
                .exchangeToMono(Shop::answer);
    }

    /** Reads a buyer's orders. */
    public Mono<Answer> read(long uid) {
        return web.get()
                .uri("/orders")
                .headers(headers -> headers.setBearerAuth(buyer(uid)))
                .exchangeToMono(Shop::answer);
    }

    /** Sends an order and gives its answer, whatever it is. */
    public Mono<Answer> order(long uid, String cart) {
        return order(uid, cart, null);
    }

    public Mono<Answer> order(long uid, String cart, @Nullable String idempotencyKey) {
        return order(web, uid, cart, idempotencyKey);
    }

    /** Sends an order to a service that runs elsewhere. */
    public static Mono<Answer> order(WebClient web, long uid, String cart, @Nullable String idempotencyKey) {
        return web.method(HttpMethod.POST)
                .uri("/orders")
                .headers(headers -> {
                    headers.setBearerAuth(buyer(uid));
                    if (idempotencyKey != null) {
                        headers.set("Idempotency-Key", idempotencyKey);
                    }
                })
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(cart)
                .exchangeToMono(Shop::answer);
    }

    /** What a buyer or operator does with an order: {@code POST /orders/{order_code}/<verb>}. */
    public Mono<Answer> act(String token, String orderCode, String verb) {
        return call(HttpMethod.POST, "/orders/" + orderCode + "/" + verb, token, null);
    }

    /** Any call. */
    public Mono<Answer> call(HttpMethod method, String path, String token, @Nullable String json) {
        return call(method, path, token, json, null);
    }

    public Mono<Answer> call(
            HttpMethod method, String path, String token, @Nullable String json, @Nullable String idempotencyKey) {
        return call(web, method, path, token, json, idempotencyKey);
    }

    /** Any call to a service that runs elsewhere. */
    public static Mono<Answer> call(
            WebClient web,
            HttpMethod method,
            String path,
            String token,
            @Nullable String json,
            @Nullable String idempotencyKey) {
        WebClient.RequestBodySpec request = web.method(method).uri(path).headers(headers -> {
            headers.setBearerAuth(token);
            if (idempotencyKey != null) {
                headers.set("Idempotency-Key", idempotencyKey);
            }
        });
        return (json == null
                        ? request
                        : request.contentType(MediaType.APPLICATION_JSON).bodyValue(json))
                .exchangeToMono(Shop::answer);
    }

    /** Where the buyer pays. */
    public String payUrl(long uid, String orderCode) {
        Answer answer = act(buyer(uid), orderCode, "pay").block();
        if (answer.status() != 200) {
            throw new IllegalStateException("no pay link: " + answer);
        }
        return String.valueOf(answer.body().get("pay_url"));
    }

    public static String operator() {
        return OPERATOR;
    }

    /** The status of an order in the books. */
    public long status(String orderCode) {
        return number("SELECT status FROM orders WHERE order_code = " + orderCode);
    }

    private static Mono<Answer> answer(ClientResponse response) {
        return response.bodyToMono(Map.class)
                .defaultIfEmpty(Map.of())
                .map(body -> new Answer(
                        response.statusCode().value(), body, response.headers().asHttpHeaders()));
    }

    /** A number from the database. */
    public long number(String query) {
        return Objects.requireNonNull(database.sql(query)
                .map(row -> Long.parseLong(String.valueOf(row.get(0))))
                .one()
                .block());
    }

    /** Changes rows. The service's own work may be at them at the same moment, and one of the two has to try again. */
    public void sql(String statement) {
        database.sql(statement)
                .then()
                .retryWhen(Retry.fixedDelay(20, Duration.ofMillis(20))
                        .filter(failure -> DatabaseFailure.of(failure) == DatabaseFailure.CONFLICT))
                .block();
    }

    public long stock(long gift) {
        return number("SELECT stock FROM gift WHERE id = " + gift);
    }

    public long sales(long gift) {
        return number("SELECT sales FROM gift WHERE id = " + gift);
    }

    /** A connection of the test's own. */
    public Connection connect() {
        ConnectionFactory connections = bean(Connections.class).open("test", 1);
        return Mono.from(connections.create()).block();
    }

    /** Locks a gift's row, as another writer would, until {@link #unlock}. */
    public Connection lock(long gift) {
        Connection connection = connect();
        String lock = "SELECT stock FROM gift WHERE id = " + gift + " FOR UPDATE";
        Mono.from(connection.beginTransaction())
                .thenMany(Flux.defer(() -> connection.createStatement(lock).execute()))
                .concatMap(result -> result.map(row -> row.get(0, Long.class)))
                .blockLast();
        return connection;
    }

    /** Ends the transaction of {@link #lock}. */
    public static void unlock(Connection connection) {
        Mono.from(connection.rollbackTransaction())
                .then(Mono.from(connection.close()))
                .block();
    }

    /** A metric of the pipeline, 0 where it was never counted. */
    public double metric(String name, String... tags) {
        return bean(MeterRegistry.class).find(name).tags(tags).meters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false)
                        .limit(1))
                .mapToDouble(Measurement::getValue)
                .sum();
    }

    /** Waits for something that happens by itself; fails after a minute: machines are slow and shared at times. */
    public static void await(BooleanSupplier happened) {
        await(Duration.ofMinutes(1), happened);
    }

    public static void await(Duration atMost, BooleanSupplier happened) {
        Flux.interval(Duration.ZERO, Duration.ofMillis(20), Schedulers.boundedElastic())
                .onBackpressureDrop()
                .takeUntil(tick -> happened.getAsBoolean())
                .blockLast(atMost);
    }

    /** Creates a database that its URL says may be created. */
    public static void create(TestDatabase server, String url) {
        Mono.from(server.connections(url).create())
                .flatMap(connection -> Mono.from(connection.close()))
                .block();
    }

    /** The codes of all orders there are. */
    public Set<String> orderCodes() {
        return database.sql("SELECT order_code FROM orders")
                .map(row -> String.valueOf(row.get(0, Long.class)))
                .all()
                .collect(Collectors.toSet())
                .block();
    }

    /** Waits until this many transactions are open on the server, the test's own included. */
    public void awaitTransactions(int open) {
        // the server shows whoever asks more than ten times a second the same answer for ever
        Flux.interval(Duration.ZERO, Duration.ofMillis(200), Schedulers.boundedElastic())
                .onBackpressureDrop()
                .takeUntil(tick -> number("SELECT COUNT(*) FROM information_schema.innodb_trx") == open)
                .blockLast(Duration.ofMinutes(1));
    }

    /** Pieces of a gift in orders. */
    public long pieces(long gift) {
        return number("SELECT COALESCE(SUM(counts), 0) FROM order_item WHERE goods_id = " + gift);
    }

    /** Pieces of a gift in the orders of the buyer who has most of them. */
    public long mostPiecesOfABuyer(long gift) {
        return number("SELECT MAX(pieces) FROM (SELECT SUM(counts) AS pieces FROM order_item WHERE goods_id = " + gift
                + " GROUP BY uid) p");
    }

    /** Orders that disagree with their items: none, ever. */
    public long brokenOrders() {
        return number("""
                SELECT COUNT(*) FROM orders o
                  LEFT JOIN (SELECT order_code, SUM(counts) AS counts, SUM(counts * price) AS amount
                               FROM order_item GROUP BY order_code) i ON i.order_code = o.order_code
                 WHERE i.order_code IS NULL OR i.counts <> o.total_count OR i.amount <> o.total_amount
                """);
    }

    @Override
    public void close() {
        context.close();
    }

    /** @param body the JSON object that came back */
    public record Answer(int status, Map<?, ?> body, HttpHeaders headers) {

        /** The last part of the problem's type. */
        public String problem() {
            return String.valueOf(body.get("type")).replace("/problems/", "");
        }

        public String orderCode() {
            return String.valueOf(body.get("order_code"));
        }
    }
}
