package io.giftorders.payment;

import static io.giftorders.payment.Letterbox.signed;
import static io.giftorders.payment.Letterbox.with;
import static io.giftorders.payment.Letterbox.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.payment.Letterbox.Reply;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Anybody can write to the notify address. Nothing but what Alipay signed, as it signed it, does anything. */
@ExtendWith(OutputCaptureExtension.class)
class ForgedNotifyTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final Charset GBK = Charset.forName("GBK");

    private static Shop shop;
    private static Letterbox letterbox;
    private static long gift;

    /** A shop that learns of payments by notifies alone. */
    @BeforeAll
    static void open() {
        shop = Shop.open("--gift-orders.lifecycle.first-payment-check=1h");
        letterbox = new Letterbox(shop);
        gift = shop.gift(1_000);
    }

    @AfterAll
    static void close() {
        Books.of(shop).with(gift, 1_000).mustBalance();
        shop.close();
    }

    @AfterEach
    void theLogHasNoStackTrace(CapturedOutput output) {
        assertThat(output).doesNotContain("\tat ");
    }

    private record Forgery(UnaryOperator<Map<String, String>> changes) {

        static Arguments of(String name, UnaryOperator<Map<String, String>> changes) {
            return argumentSet(name, new Forgery(changes));
        }
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                Forgery.of("altered amount", notify -> with(notify, "total_amount", "0.01")),
                Forgery.of("another seller", notify -> with(notify, "seller_id", "2088000000000001")),
                Forgery.of("another app", notify -> with(notify, "app_id", "2021000000000001")),
                Forgery.of("another order", notify -> with(notify, "out_trade_no", "1")),
                Forgery.of("another trade", notify -> with(notify, "trade_no", "2026112222001")),
                Forgery.of("a parameter more", notify -> with(notify, "memo", "paid")),
                Forgery.of("a parameter less", notify -> without(notify, "buyer_id")),
                Forgery.of("no signature", notify -> without(notify, "sign")),
                Forgery.of("a blank signature", notify -> with(notify, "sign", " ")),
                Forgery.of("a signature that is none", notify -> with(notify, "sign", "not base64!")),
                Forgery.of("a signature that is short", notify -> with(notify, "sign", "AAAA")),
                Forgery.of(
                        "the signature of another",
                        notify -> with(
                                notify,
                                "sign",
                                String.valueOf(ALIPAY.sign(Map.of("a", "b")).get("sign")))),
                Forgery.of("signed with SHA-1, it says", notify -> with(notify, "sign_type", "RSA")),
                Forgery.of("no signature type", notify -> without(notify, "sign_type")),
                Forgery.of("a blank signature type", notify -> with(notify, "sign_type", " ")),
                Forgery.of("a signature type in lower case", notify -> with(notify, "sign_type", "rsa2")),
                Forgery.of("another signature type", notify -> with(notify, "sign_type", "SM2")),
                Forgery.of("another charset", notify -> with(notify, "charset", "GBK")),
                Forgery.of("no charset", notify -> without(notify, "charset")));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void whatWasChangedAfterSigningSettlesNothing(Forgery forgery) {
        String order = Customer.of(shop).paidUnheard(gift);
        Map<String, String> honest = ALIPAY.notifyParameters(order);

        Reply reply = letterbox.drop(forgery.changes().apply(honest));

        reply.mustBeFailure(400);
        mustBeUntouched(order);
        letterbox.drop(honest).mustBeSuccess();
        assertThat(shop.status(order)).isEqualTo(2);
    }

    static Stream<Arguments> forms() {
        return Stream.of(
                argumentSet("double-encoded values", form(notify -> notify.entrySet().stream()
                        .map(one -> one.getKey() + "=" + encoded(encoded(one.getValue())))
                        .collect(Collectors.joining("&")))),
                argumentSet("a charset that is not Alipay's", form(notify -> LocalAlipay.form(notify)
                        .replaceFirst("(?i)charset=utf-8", "charset=UTF-16"))),
                argumentSet("a charset that does not exist", form(notify -> LocalAlipay.form(notify)
                        .replaceFirst("(?i)charset=utf-8", "charset=%00x"))),
                argumentSet("two charsets", form(notify -> LocalAlipay.form(notify) + "&charset=GBK")),
                argumentSet("a charset twice", form(notify -> LocalAlipay.form(notify) + "&charset=utf-8")),
                argumentSet("two amounts", form(notify -> LocalAlipay.form(notify) + "&total_amount=0.01")),
                argumentSet(
                        "two amounts, the wrong one first",
                        form(notify -> "total_amount=0.01&" + LocalAlipay.form(notify))),
                argumentSet(
                        "an amount twice, once in escapes",
                        form(notify -> LocalAlipay.form(notify) + "&total%5famount=19.80")),
                argumentSet("bytes of another charset", form(notify -> LocalAlipay.form(
                                signed(with(notify, "body", "两只茶杯")))
                        .replace(encoded("两只茶杯"), URLEncoder.encode("两只茶杯", GBK)))),
                argumentSet("a broken escape", form(notify -> LocalAlipay.form(notify) + "&memo=%zz")),
                argumentSet("a cut escape", form(notify -> LocalAlipay.form(notify) + "&memo=%4")),
                argumentSet("a name without a value", form(notify -> LocalAlipay.form(notify) + "&memo")),
                argumentSet("a value without a name", form(notify -> LocalAlipay.form(notify) + "&=memo")),
                argumentSet(
                        "a thousand parameters",
                        form(notify -> LocalAlipay.form(notify)
                                + Stream.iterate(1, n -> n + 1)
                                        .limit(1_000)
                                        .map(n -> "&p" + n + "=")
                                        .collect(Collectors.joining()))));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aFormThatCanBeReadInTwoWaysSettlesNothing(Form form) {
        String order = Customer.of(shop).paidUnheard(gift);

        Reply reply = letterbox.drop(form.of(ALIPAY.notifyParameters(order)));

        reply.mustBeFailure(400);
        mustBeUntouched(order);
    }

    /** The line that is signed has no escapes: a name or a value may look like a parameter more or less. */
    static Stream<Arguments> hidden() {
        return Stream.of(
                argumentSet(
                        "in values",
                        form(refund -> LocalAlipay.form(hideInValue(
                                hideInValue(refund, "gmt_payment", "gmt_refund"), "receipt_amount", "refund_fee")))),
                argumentSet(
                        "in names",
                        form(refund -> LocalAlipay.form(hideInName(
                                hideInName(refund, "gmt_payment", "gmt_refund"), "receipt_amount", "refund_fee")))));
    }

    private static Map<String, String> hideInValue(Map<String, String> notify, String name, String hidden) {
        String value = notify.get(name) + "&" + hidden + "=" + notify.get(hidden);
        return with(without(notify, hidden), name, value);
    }

    private static Map<String, String> hideInName(Map<String, String> notify, String name, String hidden) {
        String longName = name + "=" + notify.get(name) + "&" + hidden;
        return with(without(without(notify, name), hidden), longName, String.valueOf(notify.get(hidden)));
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void aRefundThatIsHiddenFromTheReaderIsNotTakenForAPayment(Form form) {
        String order = Customer.of(shop).login(gift);
        Map<String, String> refund = signed(with(
                ALIPAY.notifyParameters(order),
                "trade_status",
                "TRADE_SUCCESS",
                "gmt_payment",
                "2026-01-01 10:00:00",
                "receipt_amount",
                "19.80",
                "refund_fee",
                "1.00",
                "gmt_refund",
                "2026-01-01 11:00:00"));

        Reply reply = letterbox.drop(form.of(refund));

        reply.mustBeFailure(400);
        mustBeUntouched(order);
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                argumentSet("nothing", "", "application/x-www-form-urlencoded", 400),
                argumentSet("nothing of no type", "", null, 400),
                argumentSet("ampersands", "&&&", "application/x-www-form-urlencoded", 400),
                argumentSet("40 KB", "a=" + "x".repeat(40 << 10), "application/x-www-form-urlencoded", 400),
                argumentSet("70 KB", "a=" + "x".repeat(70 << 10), "application/x-www-form-urlencoded", 413),
                argumentSet("JSON", "{\"trade_status\": \"TRADE_SUCCESS\"}", "application/json", 400),
                argumentSet(
                        "multipart",
                        "--b\r\nContent-Disposition: form-data; name=\"sign\"\r\n\r\nx\r\n--b--\r\n",
                        "multipart/form-data; boundary=b",
                        400),
                argumentSet("bytes", "\0\1\2\3", "application/octet-stream", 400));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void aBodyThatIsNoNotifyIsRefused(String body, @Nullable String type, int status) {
        Reply reply = letterbox.drop(body.getBytes(StandardCharsets.US_ASCII), type);

        reply.mustBeFailure(status);
    }

    static Stream<String> types() {
        return Stream.of(
                "text/html",
                "application/x-www-form-urlencoded; charset=GBK",
                "application/x-www-form-urlencoded; charset=nonsense",
                "application/x-www-form-urlencoded; charset=\"",
                "multipart/form-data; boundary=b",
                "nonsense",
                "*/*");
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatTheTypeSaysOfABodyIsNotAsked(String type) {
        String order = Customer.of(shop).paidUnheard(gift);
        String form = LocalAlipay.form(ALIPAY.notifyParameters(order));

        Reply reply = letterbox.drop(form.getBytes(StandardCharsets.US_ASCII), type);

        reply.mustBeSuccess();
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void aSenderWhoHangsUpInTheMiddleIsNoFaultOfTheShop() throws IOException {
        URI address = URI.create(shop.address());
        double before = notifies();

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /alipay/notify HTTP/1.1\r\nHost: shop\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                                    + "Content-Length: 1000\r\n\r\na=b")
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        Shop.await(() -> notifies() > before);
    }

    @Test
    void aNotifyByAnotherMethodIsNone() {
        String order = Customer.of(shop).paidUnheard(gift);

        shop.http()
                .get()
                .uri(URI.create(shop.address() + "/alipay/notify?" + LocalAlipay.form(ALIPAY.notifyParameters(order))))
                .exchange()
                .expectStatus()
                .isNotFound();

        mustBeUntouched(order);
    }

    private static double notifies() {
        return shop.metric("gift.orders.notifies");
    }

    private static void mustBeUntouched(String order) {
        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(shop.number("SELECT COUNT(*) FROM payment WHERE order_code = " + order))
                .isZero();
        assertThat(shop.number("SELECT COUNT(*) FROM discrepancy")).isZero();
    }

    private interface Form {
        String of(Map<String, String> notify);
    }

    private static Form form(Form form) {
        return form;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
