package io.giftorders.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.springframework.http.HttpMethod;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

/** The operator's day at the desk, in a real browser, on a real service and the local Alipay. */
class DeskPageTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final AtomicLong BUYERS = new AtomicLong(500);

    /** Where pictures for the documentation go, if they are wanted. */
    private static final @Nullable String PICTURES = System.getProperty("gift-orders.screenshots");

    private static Browser browser;
    private static Shop shop;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        shop = Shop.withDemoSignIn(
                "--gift-orders.payment.refund-check-every=50ms",
                "--gift-orders.payment.refund-retry-after=50ms",
                "--gift-orders.live.gifts.every=100ms");
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
    void comeToTheDesk() {
        ALIPAY.faults().reset();
        browser.desktop();
        browser.go(shop.address() + "/desk");
        browser.run("sessionStorage.clear(); localStorage.clear()");
        browser.log().forget();
    }

    @AfterEach
    void nothingWentWrongBehindThePage() {
        // an answer that the page asked for and shows is none of its faults, though the browser notes it
        assertThat(browser.log().console()).allMatch(line -> line.endsWith("status of 400 (Bad Request)"));
        assertThat(browser.log().origins()).containsExactly(shop.address());
    }

    @Test
    void aGiftIsMadeChangedAndRestocked() {
        signIn();
        browser.click("New gift");
        browser.press("Paper kite 纸鸢");
        type("[name=price]", "12.345");
        type("[name=stock]", "100");
        browser.press(Keys.ENTER);
        // what the service says stands at the field, which has the focus
        browser.await("at most two places");
        Shop.await(() -> "price".equals(browser.run("return document.activeElement.name")));
        assertThat(browser.find("[name=price]").getDomAttribute("aria-invalid")).isEqualTo("true");
        assertThat(browser.accessibilityFaults()).isEmpty();
        look("refused");
        type("[name=price]", "12.30");
        browser.press(Keys.ENTER);
        long gift = newest("Paper kite 纸鸢");
        Shop.await(() -> row(gift).contains("¥12.30"));

        browser.find("#gift-" + gift + " .actions button").click();
        type("dialog [name=price]", "9.90");
        type("dialog [name=limit_per_user]", "2");
        set("dialog [name=sale_ends_at]", "2031-02-01T20:00:00");
        set("dialog [name=sale_starts_at]", "2031-03-01T20:00:00");
        browser.click("Save");
        browser.await("With this change nobody can order it now.");
        browser.click("Yes, change it");
        browser.await("The sale must end after it starts.");
        set("dialog [name=sale_starts_at]", "2031-01-31T20:00:00");
        browser.click("Save");
        browser.click("Yes, change it");
        Shop.await(() -> row(gift).contains("not yet"));

        assertThat(row(gift)).contains("¥9.90", "from 2031-01-31 20:00:00", "until 2031-02-01 20:00:00", "2");
        assertThat(shop.number("SELECT COUNT(*) FROM gift WHERE id = " + gift
                        + " AND price = 9.90 AND limit_per_user = 2 AND sale_starts_at = '"
                        + utc("2031-01-31T20:00:00") + "' AND sale_ends_at = '" + utc("2031-02-01T20:00:00") + "'"))
                .isEqualTo(1);

        restock(gift, "add", "50");
        browser.click("Add");
        Shop.await(() -> stock(gift).equals("150"));
        restock(gift, "take", "30");
        browser.click("Take away");
        browser.await("This takes 30 pieces out of the stock.");
        assertThat(browser.accessibilityFaults()).isEmpty();
        look("take-away");
        assertThat(shop.stock(gift)).isEqualTo(150);
        browser.click("Yes, take away");
        Shop.await(() -> stock(gift).equals("120"));
        restock(gift, "take", "121");
        browser.click("Take away");
        browser.click("Yes, take away");
        browser.await("The stock would be -1");
        browser.press(Keys.ESCAPE);
        Shop.await(() -> browser.findAll("dialog").isEmpty());
        assertThat(shop.stock(gift)).isEqualTo(120);
    }

    @Test
    void aDateWithoutItsTimeIsNotSent() {
        signIn();
        browser.click("New gift");
        browser.press("Half a date");
        type("[name=price]", "9.90");
        type("[name=stock]", "10");
        browser.run("document.querySelector('[name=sale_starts_at]').focus()");
        browser.keys("01");

        browser.click("Put on sale");

        browser.await("This is not a whole date and time");
        Shop.await(() -> "sale_starts_at".equals(browser.run("return document.activeElement.name")));
        assertThat(browser.accessibilityFaults()).isEmpty();
        assertThat(shop.number("SELECT COUNT(*) FROM gift WHERE name = 'Half a date'"))
                .isZero();
    }

    @Test
    void theStockFallsBeforeTheOperatorsEyes() {
        long gift = gift("Silk fan 丝绸扇", 1_000);
        signIn();
        Shop.await(() -> stock(gift).equals("1,000"));

        for (int i = 0; i < 7; i++) {
            shop.order(BUYERS.incrementAndGet(), "{\"" + gift + "\": 3}").block();
        }

        Shop.await(() -> stock(gift).equals("979"));
        assertThat(browser.find("#gift-" + gift + " .sales").getText()).isEqualTo("21");
    }

    @Test
    void anOrderIsFoundByCodeByBuyerAndByStatusAndIsShipped() {
        long gift = gift("Tea set 茶具", 100);
        long buyer = BUYERS.incrementAndGet();
        String waiting = order(buyer, gift, 1);
        String paid = paid(buyer, gift, 2);
        signIn();
        browser.follow("Orders");
        browser.await("awaiting payment");

        type("[name=uid]", Long.toString(buyer));
        browser.click("Search");
        Shop.await(() -> codes().equals(List.of(paid, waiting)));
        browser.find("[name=status][value='2']").click();
        Shop.await(() -> codes().equals(List.of(paid)));
        browser.click("Clear");
        type("[name=order_code]", "12x");
        browser.press(Keys.ENTER);
        browser.await("Must be a positive whole number.");
        Shop.await(() -> "order_code".equals(browser.run("return document.activeElement.name")));
        type("[name=order_code]", paid);
        browser.press(Keys.ENTER);
        Shop.await(() -> codes().equals(List.of(paid)));
        picture("desk-orders");

        browser.follow(paid);
        browser.await("Order " + paid);
        browser.await("Tea set 茶具 (" + gift + ")");
        browser.click("Ship");
        Shop.await(() -> browser.find(".bar .status").getText().equals("shipped"));
        assertThat(shop.status(paid)).isEqualTo(3);

        // what its buyer does shows by itself
        shop.act(Shop.buyer(buyer), paid, "receive").block();
        Shop.await(() -> browser.find(".bar .status").getText().equals("completed"));
        browser.follow("← Orders");
        Shop.await(() -> codes().equals(List.of(paid)));
    }

    @Test
    void aDoubleClickPaysBackOnce() {
        long gift = gift("Lantern 灯笼", 100);
        String order = paid(BUYERS.incrementAndGet(), gift, 5);
        signIn();
        see(order);

        browser.click("Pay back …");
        type("[name=pieces-" + gift + "]", "2");
        browser.click("Pay back");
        browser.await("¥19.80 goes back to the buyer.");
        assertThat(browser.accessibilityFaults()).isEmpty();
        look("refund");
        browser.run("const yes = document.querySelector('dialog button[type=submit]'); yes.click(); yes.click();"
                + " yes.form.requestSubmit()");
        browser.await("confirmed by Alipay");

        assertThat(shop.number("SELECT COUNT(*) FROM refund WHERE order_code = " + order))
                .isEqualTo(1);
        assertThat(shop.number("SELECT COUNT(*) FROM refund WHERE amount = 19.80 AND order_code = " + order))
                .isEqualTo(1);
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo(new BigDecimal("19.80"));
        assertThat(browser.text()).contains("Paid back by an operator", "−¥19.80");
        picture("desk-order");
    }

    @Test
    void aRefundOfWhichNoAnswerCameIsSentAgainAndPaysBackOnce() {
        long gift = gift("Jade rabbit 玉兔", 100);
        String order = paid(BUYERS.incrementAndGet(), gift, 3);
        signIn();
        see(order);
        browser.click("Pay back …");
        type("[name=pieces-" + gift + "]", "1");
        browser.click("Pay back");
        browser.await("goes back to the buyer.");

        // the service hears it, and its answer is lost
        browser.run("const real = window.fetch; window.fetch = async (...call) => {"
                + " const answer = await real(...call); if (String(call[0]).includes('/refund')) {"
                + " await answer.text(); throw new TypeError('Failed to fetch') } return answer }");
        browser.click("Yes, pay back");
        browser.await("No answer came");
        Shop.await(() -> ALIPAY.trade(order).refunded().signum() > 0);
        browser.reload();
        browser.await("A refund is not settled");
        browser.click("Look at it");
        browser.await("Sent again, it is the same refund");
        browser.click("Send again");
        browser.await("confirmed by Alipay");

        Shop.await(() -> browser.findAll("dialog").isEmpty());
        assertThat(browser.text()).doesNotContain("A refund is not settled");
        assertThat(shop.number("SELECT COUNT(*) FROM refund WHERE order_code = " + order))
                .isEqualTo(1);
        assertThat(ALIPAY.trade(order).refunded()).isEqualByComparingTo(new BigDecimal("9.90"));
    }

    @Test
    void anOrderIsPaidBackAsAWholeAndItsMoneyIsListed() {
        long gift = gift("Ink stone 砚台", 100);
        String order = paid(BUYERS.incrementAndGet(), gift, 2);
        signIn();
        see(order);

        browser.click("Pay back …");
        browser.click("All that is left");
        browser.click("Pay back");
        browser.click("Yes, pay back");
        Shop.await(() -> browser.find(".bar .status").getText().equals("refunded"));
        browser.await("confirmed by Alipay");
        browser.follow("Payments");
        browser.await(order);
        type("[name=order_code]", order);
        browser.press(Keys.ENTER);
        Shop.await(() -> codes().equals(List.of(order)));

        assertThat(browser.find("tbody tr").getText())
                .contains(ALIPAY.trade(order).tradeNo(), "¥19.80 ¥19.80");
        assertThat(shop.stock(gift)).isEqualTo(100);
    }

    @Test
    void whatDoesNotAgreeWithAlipayIsExplained() {
        long gift = gift("Chess set 象棋", 100);
        long buyer = BUYERS.incrementAndGet();
        String order = order(buyer, gift, 1);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_WRONG_AMOUNT);
        ALIPAY.pay(ALIPAY.open(shop.payUrl(buyer, order)));
        Shop.await(() -> shop.number("SELECT COUNT(*) FROM discrepancy WHERE order_code = " + order) > 0);
        signIn();

        browser.follow("Discrepancies");
        browser.await("The amount is another than the order’s");

        assertThat(browser.text())
                .contains("What to do: Pay it back at Alipay. The order stays as it is.", "wrong-amount", order);
        picture("desk-discrepancies");
    }

    @Test
    void theChartsShowASaleAsItRuns() {
        long gift = gift("Moon cake 月饼", 60);
        signIn();
        browser.follow("Live");
        browser.await("The last five minutes");
        long buyer = BUYERS.incrementAndGet();
        Shop.buyer(buyer);
        Disposable sale = Flux.range(1, 1_000_000)
                .concatMap(i -> shop.order(buyer, "{\"" + gift + "\": 1}"))
                .subscribe();
        try {
            Shop.await(() -> figure("placed", "highest") > 5 && figure("refused", "now") > 5);
            Shop.await(() -> browser.text().contains("Not enough in stock"));

            assertThat(figure("batch", "highest")).isGreaterThanOrEqualTo(1);
            assertThat(figure("watchers", "now")).isGreaterThanOrEqualTo(1);
            assertThat(browser.find("#chart-refused .plot").getDomAttribute("aria-label"))
                    .matches("Refusals a second: [0-9.,]+ now, [0-9.,]+ at the highest in [0-9]+ seconds");
            assertThat(browser.findAll(".plot canvas")).hasSize(6);
            assertThat(browser.accessibilityFaults()).isEmpty();
            picture("desk-live");

            // after a reload the charts are not empty
            double placed = figure("placed", "highest");
            browser.reload();
            Shop.await(() ->
                    !browser.findAll("#figure-placed .highest").isEmpty() && figure("placed", "highest") >= placed);
        } finally {
            sale.dispose();
        }
    }

    @Test
    void aBuyerIsTurnedAwayInPlainWords() {
        shop.gift(1);
        browser.go(shop.address() + "/desk#/orders");
        // as the shop's page signs a buyer in, in the same tab
        browser.runAsync("const done = arguments[arguments.length - 1];"
                + "import(document.querySelector('script[type=module]').src.replace(/[^/]*$/, 'session.js'))"
                + ".then(session => session.signIn({ uid: 7, operator: false, name: 'Lin 林' })).then(done, done)");
        browser.await("This page is for the shop’s operators");

        assertThat(browser.text()).contains("You are signed in as Lin 林").doesNotContain("Discrepancies");
        assertThat(browser.log().requests()).noneMatch(request -> request.url().contains("/desk/"));
        assertThat(browser.accessibilityFaults()).isEmpty();
        browser.click("Sign in as an operator");
        browser.click("Operator 店长");
        browser.await("Search");
    }

    @Test
    void theKeyboardAloneMakesAGift() {
        signIn();
        browser.run("document.querySelector('.bar input[type=search]').focus()");
        browser.tab(1);
        Shop.await(() -> browser.focused().equals("New gift"));
        browser.press(Keys.ENTER);
        browser.press("Brush 毛笔", Keys.TAB, "5", Keys.TAB, "7", Keys.ENTER);
        long gift = newest("Brush 毛笔");
        Shop.await(() -> row(gift).contains("¥5.00"));

        // the focus is back where it was
        Shop.await(() -> browser.focused().equals("New gift"));
    }

    @ParameterizedTest
    @CsvSource({"en, light, desktop", "en, dark, phone", "zh, light, phone", "zh, dark, desktop"})
    void everyPageIsLegibleInBothLanguagesOnEveryScreen(String language, String colors, String screen) {
        long gift = gift("Plum vase 梅瓶", 100);
        long buyer = BUYERS.incrementAndGet();
        String order = paid(buyer, gift, 2);
        shop.call(HttpMethod.POST, "/orders/" + order + "/refund", Shop.operator(), "{\"" + gift + "\": 1}")
                .block();
        shop.sql(
                "INSERT IGNORE INTO discrepancy (kind, subject, order_code, detail, first_seen_at, last_seen_at) VALUES"
                        + " ('no-bill', '2026-11-22', NULL, 'Alipay has no bill for 2026-11-22.', NOW(), NOW())");
        browser.colors(colors);
        if (screen.equals("phone")) {
            browser.phone();
        }
        browser.run("localStorage.setItem('gift-orders.language', arguments[0])", language);
        signIn();
        for (String page : List.of("gifts", "orders", "orders/" + order, "payments", "discrepancies", "live")) {
            browser.go(shop.address() + "/desk#/" + page);
            Shop.await(() -> browser.findAll("main [aria-busy=true]").isEmpty()
                    && !browser.findAll("main tbody tr, main li article").isEmpty());

            assertThat(browser.accessibilityFaults()).as(page).isEmpty();
            assertThat(browser.overflow()).as(page).isZero();
            assertThat(browser.text()).as(page).doesNotContain("desk.");
            assertThat(String.valueOf(browser.run("return document.documentElement.lang")))
                    .startsWith(language);
            look(language + "-" + colors + "-" + screen + "-" + page.replaceAll("/.*", "-one"));
        }
        browser.colors("light");
    }

    private static void signIn() {
        browser.reload();
        Shop.await(() -> browser.text().contains("Operator 店长"));
        browser.click("Operator 店长");
        Shop.await(() -> !browser.findAll("#gift-1, tbody").isEmpty());
    }

    private static void see(String order) {
        browser.go(shop.address() + "/desk#/orders/" + order);
        browser.await("Order " + order);
        Shop.await(() -> !browser.findAll("tbody tr").isEmpty());
    }

    private static void restock(long gift, String way, String pieces) {
        browser.findAll("#gift-" + gift + " .actions button").get(1).click();
        browser.find("dialog [value=" + way + "]").click();
        type("dialog [name=restock]", pieces);
    }

    private static void type(String selector, String text) {
        WebElement field = browser.find(selector);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
    }

    /** A time field takes keys in the order of the browser's country; so its value is set, and the page told. */
    private static void set(String selector, String value) {
        browser.run(
                "const field = document.querySelector(arguments[0]); field.value = arguments[1];"
                        + " field.dispatchEvent(new Event('input', { bubbles: true }))",
                selector,
                value);
    }

    /** What a local time of the browser is in the database. */
    private static String utc(String local) {
        return String.valueOf(
                browser.run("return new Date(arguments[0]).toISOString().slice(0, 19).replace('T', ' ')", local));
    }

    private static String row(long gift) {
        return String.valueOf(
                browser.run("return document.getElementById(arguments[0])?.innerText ?? ''", "gift-" + gift));
    }

    private static String stock(long gift) {
        return String.valueOf(browser.run(
                "return document.querySelector(arguments[0])?.innerText ?? ''", "#gift-" + gift + " .stock"));
    }

    @SuppressWarnings("unchecked")
    private static List<String> codes() {
        return (List<String>)
                browser.run("return [...document.querySelectorAll('tbody a')].map(link => link.innerText)");
    }

    private static double figure(String name, String column) {
        String shown = String.valueOf(browser.run(
                "return document.querySelector(arguments[0]).innerText", "#figure-" + name + " ." + column));
        return shown.equals("–") ? 0 : Double.parseDouble(shown.replace(",", ""));
    }

    private static long gift(String name, long stock) {
        long gift = shop.gift(stock);
        shop.call(HttpMethod.PATCH, "/gifts/" + gift, Shop.operator(), "{\"name\": \"" + name + "\"}")
                .block();
        return gift;
    }

    private static long newest(String name) {
        String count = "SELECT COUNT(*) FROM gift WHERE name = '" + name + "'";
        Shop.await(() -> shop.number(count) == 1);
        return shop.number("SELECT id FROM gift WHERE name = '" + name + "'");
    }

    private static String order(long buyer, long gift, int pieces) {
        return shop.order(buyer, "{\"" + gift + "\": " + pieces + "}").block().orderCode();
    }

    private static String paid(long buyer, long gift, int pieces) {
        String order = order(buyer, gift, pieces);
        ALIPAY.pay(ALIPAY.open(shop.payUrl(buyer, order)));
        Shop.await(() -> shop.status(order) == 2);
        return order;
    }

    /** For the documentation. */
    private static void picture(String name) {
        if (PICTURES != null) {
            browser.screenshot(Path.of(PICTURES, name + ".png"));
        }
    }

    /** For the eyes of whoever changes the pages: where {@code gift-orders.looks} says. */
    private static void look(String name) {
        String looks = System.getProperty("gift-orders.looks");
        if (looks != null) {
            browser.wholePage(Path.of(looks, "desk-" + name + ".png"));
        }
    }
}
