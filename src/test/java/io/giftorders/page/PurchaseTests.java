package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From the list of gifts to the gift in one's hands, in a real browser of a phone's size. */
class PurchaseTests {

    private static Browser browser;
    private static Shop shop;
    private static Visitor visitor;
    private static long teaSet;

    /** What a buyer reads and presses on the way. */
    private record Words(
            String language,
            String buyer,
            long uid,
            String order,
            String timeLeft,
            String pay,
            String paid,
            String shipped,
            String receive,
            String received,
            String completed,
            String orders) {}

    private static Stream<Words> languages() {
        return Stream.of(
                new Words(
                        "en",
                        "Ada",
                        8,
                        "Place order · ¥19.80",
                        "Time left to pay",
                        "Pay ¥19.80 with Alipay",
                        "Paid, awaiting shipment",
                        "Your gifts are on the way",
                        "Confirm receipt",
                        "Yes, I have them",
                        "Completed",
                        "My orders"),
                new Words(
                        "zh",
                        "Wang 王",
                        9,
                        "提交订单 · ¥19.80",
                        "剩余付款时间",
                        "用支付宝支付 ¥19.80",
                        "已付款，待发货",
                        "礼品已在路上",
                        "确认收货",
                        "已收到",
                        "已完成",
                        "我的订单"));
    }

    @BeforeAll
    static void open() {
        browser = Browser.open();
        shop = Shop.withDemoSignIn();
        visitor = new Visitor(browser, shop.address());
        teaSet = shop.gift("Tea set 茶具", "9.90", 500, "");
        shop.gift("Silk fan 丝绸扇", "19.80", 3, "");
        shop.gift(
                "Jade pendant 玉坠",
                "188.00",
                80,
                ", \"limit_per_user\": 2, \"sale_ends_at\": \""
                        + Instant.now().plus(Duration.ofHours(31)).truncatedTo(ChronoUnit.HOURS) + "\"");
        shop.gift(
                "Paper lantern 灯笼",
                "6.60",
                1000,
                ", \"sale_starts_at\": \""
                        + Instant.now().plus(Duration.ofHours(9)).truncatedTo(ChronoUnit.HOURS) + "\"");
        shop.gift("Porcelain cup 瓷杯", "28.00", 0, "");
    }

    @AfterAll
    static void close() {
        if (shop != null) {
            shop.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void fairWeather() {
        LocalAlipay.shared().faults().reset();
    }

    @ParameterizedTest
    @MethodSource("languages")
    void aBuyerOrdersPaysAndReceives(Words words) {
        visitor.comesFirst(words.language());
        visitor.reads("Tea set 茶具");
        visitor.findsNoFault("the catalogue");
        visitor.takesAPicture("shop-gifts-" + words.language());

        visitor.puts(teaSet);
        visitor.pressesAt("[data-gift='" + teaSet + "'] .pieces button:last-child");
        visitor.pressesAt("a.bar");
        visitor.presses(words.buyer());
        visitor.reads(words.order());
        visitor.findsNoFault("the cart");
        takeAPicture("shop-cart", words);

        visitor.presses(words.order());
        String order = visitor.seesTheOrder();
        visitor.reads(words.timeLeft());
        visitor.findsNoFault("the order, unpaid");
        takeAPicture("shop-order", words);
        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(browser.log().origins()).containsOnly(shop.address());

        visitor.presses(words.pay());
        browser.await("Cashier");
        browser.click("Pay");
        Shop.await(() -> browser.url().equals(shop.address() + "/#/orders/" + order));
        visitor.reads(words.paid());
        visitor.reads("¥19.80");
        visitor.findsNoFault("the order, paid");
        takeAPicture("shop-paid", words);
        assertThat(shop.status(order)).isEqualTo(2);

        browser.run("window.isTheSamePage = true");
        shop.act(Shop.operator(), order, "ship").block();
        visitor.reads(words.shipped());
        assertThat(browser.run("return window.isTheSamePage")).isEqualTo(true);

        visitor.presses(words.receive());
        visitor.findsNoFault("the question");
        visitor.presses(words.received());
        visitor.reads(words.completed());
        assertThat(shop.status(order)).isEqualTo(4);

        visitor.presses(words.orders());
        visitor.reads(order);
        visitor.findsNoFault("the orders");
        assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE uid = " + words.uid()))
                .isEqualTo(1);
        // the local Alipay has no icon, and a browser asks for one
        assertThat(browser.log().console()).noneMatch(message -> message.contains(shop.address()));
    }

    /** One language is enough to show where things are. */
    private static void takeAPicture(String name, Words words) {
        if (words.language().equals("en")) {
            visitor.takesAPicture(name);
        }
    }

    @Test
    void anOrderThatIsPaidElsewhereBecomesPaidOnThePage() {
        visitor.comesAs("Lin 林");
        visitor.choosesAndGoesToTheCart(teaSet);
        visitor.presses("Place order · ¥9.90");
        String order = visitor.seesTheOrder();
        visitor.reads("Time left to pay");

        LocalAlipay.shared().pay(LocalAlipay.shared().open(shop.payUrl(7, order)));

        visitor.reads("Paid, awaiting shipment");
        visitor.reads("Alipay number");
    }

    @Test
    void aRefundIsShownAndThenConfirmed() {
        String order = shop.order(7, "{\"" + teaSet + "\": 2}").block().orderCode();
        LocalAlipay.shared().pay(LocalAlipay.shared().open(shop.payUrl(7, order)));
        Shop.await(() -> shop.status(order) == 2);
        visitor.comesFirst("en");
        visitor.goes("#/orders/" + order);
        visitor.presses("Lin 林");
        visitor.reads("Paid, awaiting shipment");

        shop.act(Shop.operator(), order, "refund").block();

        visitor.reads("All of it was paid back.");
        visitor.reads("−¥19.80");
        visitor.reads("confirmed by Alipay");
        visitor.reads("2 paid back");
        visitor.findsNoFault("the order, paid back");
    }
}
