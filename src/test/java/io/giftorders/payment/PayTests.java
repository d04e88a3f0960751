package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The way to the cashier: who gets it, until when, and what it says. */
@ExtendWith(OutputCaptureExtension.class)
class PayTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final DateTimeFormatter ALIPAY_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private static Shop shop;
    private static long gift;

    @BeforeAll
    static void open() {
        shop = Shop.open("--gift-orders.lifecycle.first-payment-check=1h", "--logging.level.io.giftorders=trace");
        gift = shop.gift(1_000);
    }

    @AfterAll
    static void close() {
        Books.of(shop).with(gift, 1_000).mustBalance();
        shop.close();
    }

    @Test
    void theLinkSaysWhatTheOrderSays() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);

        Answer answer = customer.act(order, "pay");

        assertThat(answer.status()).isEqualTo(200);
        Answer placed = shop.call(HttpMethod.GET, "/orders/" + order, customer.token(), null)
                .block();
        assertThat(answer.body().get("expires_at")).isEqualTo(placed.body().get("expires_at"));
        String url = String.valueOf(answer.body().get("pay_url"));
        assertThat(parameter(url, "app_id")).isEqualTo(ALIPAY.appId());
        assertThat(parameter(url, "method")).isEqualTo("alipay.trade.page.pay");
        assertThat(parameter(url, "sign_type")).isEqualTo("RSA2");
        assertThat(parameter(url, "notify_url")).isEqualTo(shop.address() + "/alipay/notify");
        assertThat(parameter(url, "return_url")).isEqualTo(shop.address() + "/alipay/return");
        JsonNode content = JsonMapper.shared().readTree(parameter(url, "biz_content"));
        assertThat(content.get("out_trade_no").asString()).isEqualTo(order);
        assertThat(content.get("total_amount").asString()).isEqualTo("19.80");
        assertThat(content.get("product_code").asString()).isEqualTo("FAST_INSTANT_TRADE_PAY");
        assertThat(content.get("subject").asString()).isEqualTo("Gift order " + order);
        assertThat(LocalDateTime.parse(content.get("time_expire").asString(), ALIPAY_TIME)
                        .atZone(ZoneId.of("Asia/Shanghai"))
                        .toInstant())
                .isEqualTo(Instant.parse(String.valueOf(placed.body().get("expires_at"))));
    }

    @Test
    void alipayTakesTheLinkAndNoOtherAmount() {
        String order = Customer.of(shop).order(gift);
        String url = shop.payUrl(shop.number("SELECT uid FROM orders WHERE order_code = " + order), order);

        assertThat(ALIPAY.open(url)).isEqualTo(order);

        String cheaper = url.replace("19.80", "0.01");
        assertThat(cheaper).isNotEqualTo(url);
        assertThatThrownBy(() -> ALIPAY.open(cheaper)).hasMessageContaining("invalid-signature");
    }

    @Test
    void aBrowserIsSentOnAndAProgramReadsWhereTo() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);

        String location = pay(customer, order, "text/html,application/xhtml+xml,*/*;q=0.8")
                .expectStatus()
                .isSeeOther()
                .expectBody()
                .isEmpty()
                .getResponseHeaders()
                .getFirst(HttpHeaders.LOCATION);

        for (String accept : List.of("application/json", "*/*", "application/json, text/html", "nonsense")) {
            pay(customer, order, accept)
                    .expectStatus()
                    .isOk()
                    .expectHeader()
                    .contentType("application/json")
                    .expectBody()
                    .jsonPath("$.pay_url")
                    .isEqualTo(location);
        }
    }

    @Test
    void anImpatientBuyerGetsOneLinkAgainAndAgain() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        double before = signatures();

        String first = shop.payUrl(customer.uid(), order);
        List<String> links = Flux.range(1, 200)
                .flatMap(click -> shop.act(customer.token(), order, "pay"), 200)
                .map(answer -> String.valueOf(answer.body().get("pay_url")))
                .distinct()
                .collectList()
                .block();

        assertThat(links).containsExactly(first);
        assertThat(signatures() - before).isEqualTo(1);
    }

    @Test
    void manyClicksAtOnceAreAllAnswered() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        double before = signatures();

        List<Integer> statuses = Flux.range(1, 100)
                .flatMap(click -> shop.act(customer.token(), order, "pay"), 100)
                .map(Answer::status)
                .collectList()
                .block();

        assertThat(statuses).hasSize(100).containsOnly(200);
        assertThat(signatures() - before).isEqualTo(1);
        ALIPAY.pay(ALIPAY.open(shop.payUrl(customer.uid(), order)));
        Shop.await(() -> shop.status(order) == 2);
    }

    @Test
    void onlyItsBuyerGetsTheLink() {
        String order = Customer.of(shop).order(gift);

        Answer ofAnother = Customer.of(shop).act(order, "pay");
        Answer ofNone = Customer.of(shop).act("1", "pay");

        assertThat(ofAnother.status()).isEqualTo(404);
        assertThat(ofAnother.problem()).isEqualTo(ofNone.problem());
        shop.http()
                .post()
                .uri("/orders/" + order + "/pay")
                .exchange()
                .expectStatus()
                .isUnauthorized();
        assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE pay_link_at IS NOT NULL AND order_code = " + order))
                .isZero();
    }

    @Test
    void aPaidOrderIsNotPaidAgain() {
        Customer customer = Customer.of(shop);
        String order = customer.paid(gift);

        Answer answer = customer.act(order, "pay");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("order-status");
        assertThat(answer.body().get("order_status")).isEqualTo(2);
    }

    @Test
    void aCancelledOrderIsTooLateToPay() {
        Customer customer = Customer.of(shop);
        String order = customer.login(gift);
        customer.act(order, "cancel");
        assertThat(shop.status(order)).isEqualTo(5);

        mustBeTooLate(customer.act(order, "pay"));
    }

    @Test
    void anOrderThatClosesIsTooLateToPayEvenWhileAlipayCannotBeAsked() {
        Customer customer = Customer.of(shop);
        String order = customer.login(gift);
        ALIPAY.faults().always().of(order).add(Fault.GATEWAY_RESET);
        try {
            customer.act(order, "cancel");
            assertThat(shop.status(order)).isEqualTo(1);

            mustBeTooLate(customer.act(order, "pay"));
        } finally {
            ALIPAY.faults().reset();
        }
    }

    @Test
    void anExpiredOrderIsTooLateToPay() {
        try (Shop quick = shop.another("--gift-orders.placement.pay-within=1s", "--gift-orders.payment.min-time=0s")) {
            Customer customer = Customer.of(quick);
            String order = customer.login(gift);

            Shop.await(() -> shop.number(
                            "SELECT COUNT(*) FROM orders WHERE expires_at < UTC_TIMESTAMP(6) AND order_code = " + order)
                    == 1);

            mustBeTooLate(customer.act(order, "pay"));
        }
    }

    @Test
    void anOrderThatWillExpireBeforeAnybodyCouldPayIsTooLateToPay() {
        try (Shop slow = shop.another("--gift-orders.payment.min-time=1h")) {
            Customer customer = Customer.of(slow);
            String order = customer.order(gift);

            mustBeTooLate(customer.act(order, "pay"));

            assertThat(new Customer(shop, customer.uid()).act(order, "pay").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void nothingSecretIsInTheLog(CapturedOutput output) throws IOException {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);

        String link = shop.payUrl(customer.uid(), order);
        String back = customer.pay(order);
        Shop.await(() -> shop.status(order) == 2);
        shop.http().get().uri(URI.create(back)).exchange().expectStatus().isSeeOther();
        shop.http().get().uri(URI.create(back + "x")).exchange().expectStatus().isBadRequest();

        List<String> key = Files.readAllLines(ALIPAY.keys().resolve("app_private_key.pem"));
        assertThat(output)
                .doesNotContain(key.get(1))
                .doesNotContain(parameter(link, "sign").substring(0, 40))
                .doesNotContain(parameter(back, "sign").substring(0, 40))
                .doesNotContain(customer.token());
    }

    private static void mustBeTooLate(Answer answer) {
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.problem()).isEqualTo("too-late-to-pay");
        assertThat(answer.body().get("pay_url")).isNull();
    }

    private static double signatures() {
        return shop.metric("gift.orders.alipay.calls", "method", "pay-link");
    }

    private static ResponseSpec pay(Customer customer, String order, String accept) {
        return shop.http()
                .post()
                .uri("/orders/" + order + "/pay")
                .headers(headers -> {
                    headers.setBearerAuth(customer.token());
                    headers.set(HttpHeaders.ACCEPT, accept);
                })
                .exchange();
    }

    private static String parameter(String url, String name) {
        UriComponents parts = UriComponentsBuilder.fromUriString(url).build();
        return UriUtils.decode(
                String.valueOf(parts.getQueryParams().getFirst(name)).replace('+', ' '), "UTF-8");
    }
}
