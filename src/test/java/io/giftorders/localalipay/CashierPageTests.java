package io.giftorders.localalipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a browser gets to see and to press. */
class CashierPageTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.start();
    private static final Seller SELLER = new Seller(ALIPAY);
    private static final HttpClient BROWSER = HttpClient.newHttpClient();

    private final String order = Seller.newOrder();

    @AfterAll
    static void closeShop() {
        SELLER.close();
        ALIPAY.close();
    }

    @Test
    void thePageSaysWhatIsBoughtForHowMuchAndUntilWhen() throws Exception {
        HttpResponse<String> page = get(SELLER.payUrl(order));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
        assertThat(page.body())
                .contains("两只茶杯 + Tee", "¥ 88.80", order, "(China)")
                .doesNotContain("<script");
        assertThat(ALIPAY.trade(order)).isNull();
    }

    @Test
    void payingSendsTheBrowserBackAndTellsTheSeller() throws Exception {
        String page = get(SELLER.payUrl(order)).body();

        HttpResponse<String> answer = press(page, "pay");

        assertThat(answer.statusCode()).isEqualTo(302);
        String back = answer.headers().firstValue("Location").orElseThrow();
        assertThat(SELLER.verifies(Seller.parameters(back))).isTrue();
        assertThat(SELLER.status(order)).isEqualTo("TRADE_SUCCESS");
        await().untilAsserted(() -> assertThat(SELLER.heard(order)).hasSize(1));
        assertThat(press(page, "pay").body()).contains("ACQ.TRADE_HAS_SUCCESS");
    }

    @Test
    void aFailedPaymentMayBeTriedAgain() throws Exception {
        String page = get(SELLER.payUrl(order)).body();

        HttpResponse<String> failed = press(page, "fail");

        assertThat(failed.body()).contains("role=\"alert\"", "The payment failed");
        assertThat(SELLER.status(order)).isEqualTo("WAIT_BUYER_PAY");
        assertThat(press(failed.body(), "pay").statusCode()).isEqualTo(302);
    }

    @Test
    void leavingWithoutLoggingInLeavesNoTrade() throws Exception {
        String page = get(SELLER.payUrl(order)).body();

        assertThat(press(page, "leave").body()).contains("You left the cashier");

        assertThat(ALIPAY.trade(order)).isNull();
        assertThat(press(page, "login").body()).contains("You are logged in");
        assertThat(SELLER.status(order)).isEqualTo("WAIT_BUYER_PAY");
    }

    @Test
    void aSellersFormOpensThePageToo() throws Exception {
        String form = SELLER.payUrl(Seller.order(order, "88.80", Duration.ofMinutes(15)), "POST");
        Matcher action = Pattern.compile("action=\"([^\"]+)\"").matcher(form);
        Matcher content =
                Pattern.compile("name=\"biz_content\" value=\"([^\"]+)\"").matcher(form);
        assertThat(action.find() && content.find()).isTrue();
        String body =
                "biz_content=" + URLEncoder.encode(content.group(1).replace("&quot;", "\""), StandardCharsets.UTF_8);

        HttpResponse<String> page = post(action.group(1), body);

        assertThat(page.body()).contains("两只茶杯 + Tee", "¥ 88.80");
    }

    @Test
    void anAlteredLinkGetsAPageInGbk() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(SELLER.payUrl(order).replace("88.80", "00.01")))
                .build();

        HttpResponse<byte[]> page = BROWSER.send(request, BodyHandlers.ofByteArray());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=gbk");
        assertThat(new String(page.body(), Charset.forName("GBK"))).contains("无效签名", "isv.invalid-signature");
    }

    @Test
    void whatASellerWritesIsTextAndNotMarkup() throws Exception {
        String content = Seller.order(order, "1.00", Duration.ofMinutes(15)).replace("两只茶杯", "<b>\\\"茶");

        String page = get(SELLER.payUrl(content, "GET")).body();

        assertThat(page).contains("&lt;b&gt;&quot;茶").doesNotContain("<b>");
    }

    @Test
    void peopleControlItByJson() throws Exception {
        String control = ALIPAY.gateway().replace("gateway.do", "control/");
        assertThat(post(control + "faults", "{\"notify\": \"drop\", \"times\": 1}")
                        .body())
                .isEqualTo("[\"NOTIFY_DROP 1 more\"]");
        get(SELLER.payUrl(order));

        assertThat(post(control + "trades/" + order + "/pay", "").body()).contains("return_url");

        await().untilAsserted(() -> assertThat(ALIPAY.deliveries(order)).hasSize(2));
        assertThat(get(control + "trades").body())
                .contains("\"out_trade_no\":\"" + order + "\"", "\"trade_status\":\"TRADE_SUCCESS\"");
        assertThat(get(control + "deliveries").body()).contains("\"answer\":\"dropped\"", "\"answer\":\"success\"");
        assertThat(post(control + "trades/" + order + "/pay", "").statusCode()).isEqualTo(409);
        assertThat(post(control + "faults", "{\"notify\": \"explode\"}").statusCode())
                .isEqualTo(400);
        assertThat(get(control + "elsewhere").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> press(String page, String button) throws IOException, InterruptedException {
        Matcher action = Pattern.compile("formaction=\"(/cashier/[^\"]+/" + button + ")\"")
                .matcher(page);
        assertThat(action.find()).isTrue();
        return post(ALIPAY.gateway().replace("/gateway.do", action.group(1)), "");
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return BROWSER.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String url, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body))
                .build();
        return BROWSER.send(request, BodyHandlers.ofString());
    }
}
