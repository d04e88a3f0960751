package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import reactor.core.publisher.Flux;

/** Buyers come back from the cashier, and others who only say so. */
@ExtendWith(OutputCaptureExtension.class)
class ReturnTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;
    private static long gift;

    /** A shop that learns of payments by notifies and returns alone. */
    @BeforeAll
    static void open() {
        shop = Shop.open(
                "--gift-orders.lifecycle.first-payment-check=1h",
                "--gift-orders.payment.return-check-every=1m",
                "--gift-orders.payment.order-page=https://shop.example/my/{order_code}?from=alipay");
        gift = shop.gift(1_000);
    }

    @AfterAll
    static void close() {
        Books.of(shop).with(gift, 1_000).mustBalance();
        shop.close();
    }

    @AfterEach
    void theLogHasNoStackTrace(CapturedOutput output) {
        ALIPAY.faults().reset();
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void aBuyerWhoPaidComesBackToAPaidOrderBeforeAnyNotify() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        String back = customer.payUnheard(order);

        ResponseSpec answer = get(back);

        answer.expectStatus().isSeeOther();
        answer.expectHeader().location(page(order));
        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(ALIPAY.deliveries(order)).isEmpty();
    }

    @Test
    void aNotifyAfterTheReturnChangesNothing() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        get(customer.payUnheard(order)).expectStatus().isSeeOther();

        new Letterbox(shop).drop(ALIPAY.notifyParameters(order)).mustBeSuccess();

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(shop.number("SELECT COUNT(*) FROM payment WHERE order_code = " + order))
                .isEqualTo(1);
    }

    @Test
    void aReturnBeforePaymentProvesNothing() {
        Customer customer = Customer.of(shop);
        String order = customer.login(gift);

        ResponseSpec answer = get(signed(order, Map.of()));

        answer.expectStatus().isSeeOther();
        answer.expectHeader().location(page(order));
        assertThat(shop.status(order)).isEqualTo(1);
    }

    @Test
    void aReturnThatIsCalledAgainAndAgainAsksOnce() {
        Customer customer = Customer.of(shop);
        String order = customer.login(gift);
        String back = signed(order, Map.of());
        double before = queries();

        Flux.range(1, 50)
                .flatMap(
                        call -> Shop.client("")
                                .get()
                                .uri(URI.create(back))
                                .exchangeToMono(answer -> answer.releaseBody().thenReturn(answer.statusCode())),
                        50)
                .doOnNext(status -> assertThat(status.value()).isEqualTo(303))
                .blockLast();

        assertThat(queries() - before).isEqualTo(1);
    }

    @Test
    void aBuyerIsSentOnWhenAlipayCannotBeAskedAndTheNotifySettles() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        String back = customer.payUnheard(order);
        ALIPAY.faults().always().of(order).add(Fault.GATEWAY_RESET);

        ResponseSpec answer = get(back);

        answer.expectStatus().isSeeOther();
        answer.expectHeader().location(page(order));
        assertThat(shop.status(order)).isEqualTo(1);
        ALIPAY.faults().reset();
        ALIPAY.notifyAgain(order);
        Shop.await(() -> shop.status(order) == 2);
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                argumentSet("unsigned", Map.of("sign", "")),
                argumentSet("another's signature", Map.of("sign", "AAAA")),
                argumentSet("altered amount", Map.of("total_amount", "0.01")),
                argumentSet("another order", Map.of("out_trade_no", "1")),
                argumentSet("a parameter more", Map.of("trade_status", "TRADE_SUCCESS")),
                argumentSet("another signature type", Map.of("sign_type", "RSA")));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgedReturnGetsAPageThatSaysSo(Map<String, String> changes) {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        customer.payUnheard(order);
        Map<String, String> parameters = new HashMap<>(parameters(order));
        parameters.putAll(changes);

        mustBeForged(get(shop.address() + "/alipay/return?" + LocalAlipay.form(parameters)));

        assertThat(shop.status(order)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"app_id, 2021000000000001", "seller_id, 2088000000000001", "out_trade_no, 1", "out_trade_no, x"})
    void aReturnThatAlipaySignedForOthersIsNotForThisShop(String name, String value) {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        customer.payUnheard(order);

        mustBeForged(get(signed(order, Map.of(name, value))));

        assertThat(shop.status(order)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?",
                "?out_trade_no=%3Cscript%3Ealert(1)%3C/script%3E",
                "?out_trade_no=1%0d%0aSet-Cookie:%20a=b&sign=x&sign_type=RSA2",
                "?charset=%3Cscript%3E",
                "?%3Cscript%3E=1",
                "?a=%00",
                "?a=%ff%fe",
                "?a=1&a=2"
            })
    void whatIsInAForgedReturnIsNotRepeated(String query) {
        ResponseSpec answer = get(shop.address() + "/alipay/return" + query);

        mustBeForged(answer);
        answer.expectHeader().doesNotExist(HttpHeaders.SET_COOKIE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%zz", "a=%", "a=<script>", "a=\u00e9", "a={order_code}", "a=|", "a=\\", "a=\t"})
    void aQueryThatIsNoUrlIsRefusedWithoutAFault(String query) throws IOException {
        URI address = URI.create(shop.address());

        String answer;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.getOutputStream()
                    .write(("GET /alipay/return?" + query + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }

        assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("<script>");
    }

    @Test
    void aSignedReturnCannotSendTheBuyerElsewhere() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        customer.payUnheard(order);

        ResponseSpec answer = get(signed(order, Map.of("return_url", "https://evil.example", "order_code", "7")));

        answer.expectHeader().location(page(order));
    }

    private static ResponseSpec get(String url) {
        return shop.http().get().uri(URI.create(url)).exchange();
    }

    private static void mustBeForged(ResponseSpec answer) {
        answer.expectStatus().isBadRequest();
        answer.expectHeader().contentType("text/html;charset=UTF-8");
        answer.expectHeader().doesNotExist(HttpHeaders.LOCATION);
        answer.expectHeader().valueEquals("Content-Security-Policy", "default-src 'none'");
        assertThat(answer.expectBody(String.class).returnResult().getResponseBody())
                .contains("not from Alipay")
                .doesNotContain("<script>")
                .doesNotContain("&lt;script");
    }

    /** What Alipay sends the browser back with, whether or not the order is paid. */
    private static Map<String, String> unsigned(String order) {
        return Map.of(
                "charset", "UTF-8",
                "out_trade_no", order,
                "method", "alipay.trade.page.pay.return",
                "total_amount", "19.80",
                "trade_no", "2026010122001",
                "auth_app_id", ALIPAY.appId(),
                "version", "1.0",
                "app_id", ALIPAY.appId(),
                "seller_id", ALIPAY.sellerId(),
                "timestamp", "2026-01-01 10:00:00");
    }

    private static Map<String, String> parameters(String order) {
        return ALIPAY.sign(unsigned(order));
    }

    private static String signed(String order, Map<String, String> changes) {
        Map<String, String> parameters = new HashMap<>(unsigned(order));
        parameters.putAll(changes);
        return shop.address() + "/alipay/return?" + LocalAlipay.form(ALIPAY.sign(parameters));
    }

    private static String page(String order) {
        return "https://shop.example/my/" + order + "?from=alipay";
    }

    private static double queries() {
        return shop.metric("gift.orders.alipay.calls", "method", "query");
    }
}
