package io.giftorders.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.identity.TestIssuer;
import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.machine.Ports;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

/**
 * Traces of the packaged service, in a process of its own: turned on, they hook into every pipeline of a JVM and stay there.
 */
class TracesIT {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final long BUYER = 7;

    private final Collector collector = Collector.start();

    @AfterEach
    void close() {
        ALIPAY.faults().reset();
        collector.close();
    }

    @Test
    void anOrderAndItsPaymentLeaveSpansAndNoSecrets() {
        try (ServiceProcess service = start(Map.of(
                "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT",
                collector.endpoint(),
                "MANAGEMENT_TRACING_SAMPLING_PROBABILITY",
                "1.0"))) {
            Customer customer = new Customer(service);

            String order = customer.orders();
            String payUrl = customer.payUrl(order);
            String back = ALIPAY.pay(ALIPAY.open(payUrl));
            customer.comesBack(back);
            String other = customer.orders();
            ALIPAY.open(customer.payUrl(other));
            ALIPAY.faults().always().of(other).add(Fault.GATEWAY_HTTP_500);
            customer.acts(other, "cancel");

            Shop.await(
                    () -> collector.names().containsAll(List.of("http post /alipay/notify", "http get /alipay/return"))
                            && collector.names().contains("http post /orders/{order_code}/cancel"));
            assertThat(collector.names())
                    .contains(
                            "http post /orders",
                            "place order",
                            "http post /orders/{order_code}/pay",
                            "alipay pay-link",
                            "alipay notice",
                            "alipay query")
                    .noneMatch(name -> name.contains("actuator") || name.contains("readyz"));
            assertThat(collector.named("http post /orders"))
                    .as(collector.everything())
                    .anySatisfy(request -> assertThat(collector.named("place order"))
                            .anyMatch(work -> work.getParentSpanId().equals(request.getSpanId())));
            assertNothingSecret(payUrl, back);
            assertTheLogNamesTheTrace(service);
        }
    }

    private void assertNothingSecret(String payUrl, String back) {
        assertThat(collector.everything())
                .doesNotContain(Shop.buyer(BUYER))
                .doesNotContain("sign=")
                .doesNotContain(parameter(payUrl, "sign"))
                .doesNotContain(parameter(back, "sign"))
                .doesNotContain(parameter(back, "trade_no"));
    }

    private static String parameter(String url, String name) {
        for (String parameter : URI.create(url).getRawQuery().split("&", -1)) {
            if (parameter.startsWith(name + "=")) {
                return parameter.substring(name.length() + 1);
            }
        }
        throw new IllegalArgumentException("no " + name + " in " + url);
    }

    private void assertTheLogNamesTheTrace(ServiceProcess service) {
        Span cancelled =
                collector.named("http post /orders/{order_code}/cancel").get(0);
        assertThat(service.output().lines().filter(line -> line.contains("no certain answer from Alipay")))
                .anyMatch(line -> line.contains("trace=" + Collector.traceId(cancelled)));
    }

    @Test
    void withoutASettingNothingIsSent() {
        try (Collector usual = Collector.start(4318);
                ServiceProcess service = start(Map.of("MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "1.0"))) {
            Customer customer = new Customer(service);
            customer.orders();

            service.terminate();
            service.awaitEnd();

            assertThat(usual.calls()).isZero();
            assertThat(service.output()).doesNotContain("trace=").doesNotContain("opentelemetry");
        }
    }

    /** A collector that is away costs its traces. */
    @Test
    void aCollectorThatIsAwayHoldsUpNobody() {
        try (ServiceProcess service = start(Map.of(
                "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT",
                "http://127.0.0.1:" + Ports.free() + "/v1/traces",
                "MANAGEMENT_TRACING_SAMPLING_PROBABILITY",
                "1.0",
                "MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_SCHEDULE_DELAY",
                "50ms"))) {
            Customer customer = new Customer(service);
            for (int orders = 0; orders < 5; orders++) {
                assertThat(customer.orders()).isNotEmpty();
            }
            // whatever is left is tried once more
            service.terminate();
            service.awaitEnd();

            assertThat(service.output()).doesNotContain("\tat ");
        }
    }

    private static ServiceProcess start(Map<String, String> settings) {
        String url = TestDatabase.freshUrl();
        Shop.create(TestDatabase.shared(), url);
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPRING_R2DBC_URL",
                url.substring(0, url.indexOf('?')),
                "SPRING_R2DBC_USERNAME",
                TestDatabase.shared().username(),
                "SPRING_R2DBC_PASSWORD",
                TestDatabase.shared().password(),
                "SPRING_SQL_INIT_MODE",
                "always",
                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_PUBLIC_KEY_LOCATION",
                TestIssuer.INSTANCE.publicKeyLocation()));
        environment.putAll(settings);
        return ServiceProcess.start(environment, ServiceProcess.QUICK_START).untilReady();
    }

    /** A buyer in a service elsewhere. */
    private static final class Customer {

        private final WebClient web;
        private final String cart;

        Customer(ServiceProcess service) {
            web = Shop.client(service.address());
            Answer gift = Shop.call(
                            web,
                            HttpMethod.POST,
                            "/gifts",
                            Shop.operator(),
                            "{\"name\": \"Tea set\", \"price\": \"9.90\", \"stock\": 5}",
                            null)
                    .block();
            cart = "{\"" + gift.body().get("id") + "\": 1}";
        }

        String orders() {
            return Shop.order(web, BUYER, cart, null).block().orderCode();
        }

        String payUrl(String order) {
            return String.valueOf(acts(order, "pay").body().get("pay_url"));
        }

        Answer acts(String order, String verb) {
            return Shop.call(web, HttpMethod.POST, "/orders/" + order + "/" + verb, Shop.buyer(BUYER), null, null)
                    .block();
        }

        void comesBack(String address) {
            web.get()
                    .uri(URI.create(address))
                    .exchangeToMono(answer -> Mono.just(answer.statusCode()))
                    .block();
        }
    }
}
