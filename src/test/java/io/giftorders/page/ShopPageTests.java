package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Browser;
import io.giftorders.shop.BrowserLog;
import io.giftorders.shop.Shop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.http.HttpMethod;
import reactor.core.publisher.Mono;

/** What the shop's page says and does, in a real browser of a phone's size. */
class ShopPageTests {

    private static final long LIN = 7;

    private static Browser browser;
    private static Shop shop;
    private static Visitor visitor;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        shop = Shop.withDemoSignIn();
        visitor = new Visitor(browser, shop.address());
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

    /** Nothing of the tests before: a phone shows the first gifts first. */
    @BeforeEach
    void anEmptyShop() {
        List.of("order_item", "orders", "purchase", "gift").forEach(table -> shop.sql("DELETE FROM " + table));
    }

    @Test
    void theFirstPageIsSmallAndAsksNoOtherHost() {
        shop.gift(10);
        visitor.comesFirst("en");
        visitor.reads("Tea set 茶具");

        assertThat(browser.log().origins()).containsExactly(shop.address());
        assertThat(browser.log().transferred()).isPositive().isLessThan(150_000);
        assertThat(browser.log().requests())
                .extracting(BrowserLog.Request::status)
                .doesNotContain(404, 500);
        assertThat(browser.log().console()).isEmpty();
    }

    @Test
    void stockChangesAsOthersBuy() {
        long gift = shop.gift(12);
        visitor.comesFirst("en");
        Shop.await(() -> cardOf(gift).contains("12 left"));

        shop.order(100, "{\"" + gift + "\": 9}").block();
        Shop.await(() -> cardOf(gift).contains("Only 3 left"));
        shop.order(101, "{\"" + gift + "\": 3}").block();
        Shop.await(() -> cardOf(gift).contains("Sold out"));

        assertThat(browser.findAll("[data-gift='" + gift + "'] .act > button:disabled"))
                .hasSize(1);
        assertThat(browser.layoutShift()).isLessThan(0.02);
        visitor.findsNoFault("a gift that is sold out");
    }

    @Test
    void aGiftThatSoldOutMeanwhileIsTakenOutOfTheCart() {
        long gone = shop.gift("Silk fan 丝绸扇", "19.80", 2, "");
        long there = shop.gift(10);
        visitor.comesAs("Lin 林");
        visitor.puts(gone);
        visitor.choosesAndGoesToTheCart(there);
        shop.order(102, "{\"" + gone + "\": 2}").block();

        visitor.presses("Place order · ¥29.70");
        visitor.reads("Sold out");
        visitor.reads("All of Silk fan 丝绸扇 is sold.");
        visitor.findsNoFault("a refusal");
        visitor.takesAPicture("shop-refusal");
        Shop.await(() -> browser.focused().startsWith("Sold out"));
        visitor.presses("Take it out");
        visitor.presses("Place order · ¥9.90");

        visitor.seesTheOrder();
        visitor.reads("Time left to pay");
    }

    @Test
    void whoeverWantsMoreThanIsLeftIsOfferedWhatIsLeft() {
        long gift = shop.gift(3);
        visitor.comesAs("Lin 林");
        visitor.choosesAndGoesToTheCart(gift);
        visitor.pressesAt(".line .pieces button:last-child");
        visitor.pressesAt(".line .pieces button:last-child");
        visitor.reads("Place order · ¥29.70");
        shop.order(103, "{\"" + gift + "\": 1}").block();

        visitor.presses("Place order · ¥29.70");
        visitor.reads("Not enough left");
        visitor.presses("Change to 2");
        visitor.presses("Place order · ¥19.80");

        visitor.seesTheOrder();
        visitor.reads("Time left to pay");
    }

    @Test
    void aLimitIsKeptInTheCartAndExplainedWhereItIsUsedUp() {
        long gift = shop.gift(10, ", \"limit_per_user\": 2");
        shop.order(LIN, "{\"" + gift + "\": 2}").block();
        visitor.comesAs("Lin 林");
        visitor.reads("Up to 2 per buyer");
        visitor.choosesAndGoesToTheCart(gift);
        visitor.pressesAt(".line .pieces button:last-child");
        visitor.reads("Place order · ¥19.80");
        assertThat(browser.find(".line .pieces button:last-child").isEnabled()).isFalse();

        visitor.presses("Place order · ¥19.80");

        visitor.reads("You have as many as one buyer may have");
        visitor.reads("You have 2 in your orders.");
        visitor.presses("Take it out");
        visitor.reads("Nothing is in your cart.");
    }

    @Test
    void aSaleBeginsAndEndsOnThePageWhateverThePhonesClockSays() {
        Instant start = Instant.now().plusSeconds(5).truncatedTo(ChronoUnit.SECONDS);
        long gift = shop.gift(
                10, ", \"sale_starts_at\": \"" + start + "\", \"sale_ends_at\": \"" + start.plusSeconds(4) + "\"");
        browser.atStart("""
                const phone = Date.now;
                if (location.search === '?slow') Date.now = () => phone() - 3600000;
                """);
        visitor.comesFirst("en");
        browser.go(shop.address() + "/?slow");
        Shop.await(() -> cardOf(gift).contains("Not on sale yet"));
        assertThat(cardOf(gift)).contains("Starts in").contains("00:00:0");
        assertThat(Duration.between(
                        Instant.now(), Instant.ofEpochMilli(((Number) browser.run("return Date.now()")).longValue())))
                .isLessThan(Duration.ofMinutes(-50));

        Shop.await(() -> cardOf(gift).contains("Add to cart"));
        assertThat(Instant.now()).isAfter(start.minusSeconds(1));
        assertThat(cardOf(gift)).contains("Ends in").contains("00:00:0");
        Shop.await(() -> cardOf(gift).contains("Sale is over"));
        assertThat(browser.layoutShift()).isLessThan(0.02);
    }

    @Test
    void whoOrdersAMomentTooEarlyGetsTheirOrderWhenTheSaleBegins() {
        long gift = shop.gift(10);
        visitor.comesAs("Lin 林");
        visitor.choosesAndGoesToTheCart(gift);
        Instant start = Instant.now().plusMillis(2500);
        shop.call(HttpMethod.PATCH, "/gifts/" + gift, Shop.operator(), "{\"sale_starts_at\": \"" + start + "\"}")
                .block();

        visitor.presses("Place order · ¥9.90");
        visitor.reads("The sale begins this very moment");

        visitor.seesTheOrder();
        visitor.reads("Time left to pay");
        assertThat(Instant.now()).isAfter(start);
    }

    @Test
    void theLanguageIsSwitchedAndRemembered() {
        shop.gift(10);
        visitor.comesFirst("zh-CN,en");
        visitor.reads("加入购物车");
        assertThat(browser.run("return document.documentElement.lang")).isEqualTo("zh-CN");

        visitor.presses("English");
        visitor.reads("Add to cart");
        assertThat(browser.run("return document.documentElement.lang")).isEqualTo("en");
        browser.reload();
        visitor.reads("Add to cart");
    }

    @Test
    void theCartOutlivesAReloadAndGoesAlongToWhoeverSignsIn() {
        long gift = shop.gift("Jade pendant 玉坠", "188.00", 10, "");
        visitor.comesFirst("en");
        visitor.choosesAndGoesToTheCart(gift);
        visitor.pressesAt(".line .pieces button:last-child");
        visitor.reads("¥376.00");
        browser.reload();
        visitor.reads("¥376.00");

        visitor.presses("Wang 王");
        visitor.reads("Place order · ¥376.00");
        visitor.presses("Sign out");
        visitor.reads("Nothing is in your cart.");
        browser.reload();
        visitor.goes("#/orders");
        visitor.presses("Wang 王");
        visitor.goes("#/cart");
        visitor.reads("Place order · ¥376.00");
    }

    @Test
    void anOrderIsGivenUpAfterAQuestion() {
        long gift = shop.gift(10);
        visitor.comesAs("Lin 林");
        visitor.choosesAndGoesToTheCart(gift);
        visitor.presses("Place order · ¥9.90");
        String order = visitor.seesTheOrder();

        visitor.presses("Cancel order");
        visitor.reads("Cancel this order?");
        browser.press(Keys.ESCAPE);
        Shop.await(() -> browser.findAll("dialog").isEmpty());
        assertThat(shop.status(order)).isEqualTo(1);
        visitor.presses("Cancel order");
        visitor.presses("Yes, cancel it");

        visitor.reads("Nothing is owed");
        assertThat(shop.status(order)).isEqualTo(5);
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void anotherBuyersOrderIsNotShown() {
        long gift = shop.gift(10);
        String order = shop.order(104, "{\"" + gift + "\": 1}").block().orderCode();
        visitor.comesAs("Lin 林");

        visitor.goes("#/orders/" + order);

        visitor.reads("You have no such order");
        assertThat(browser.text()).doesNotContain("Tea set").doesNotContain("¥9.90");
    }

    @Test
    void aNameIsTextWhateverIsInIt() {
        long gift = shop.gift("<img src=x onerror=document.title=1><script>document.title=2</script>", "9.90", 10, "");
        visitor.comesAs("Lin 林");
        visitor.reads("<img src=x onerror=document.title=1>");
        visitor.choosesAndGoesToTheCart(gift);
        visitor.reads("<script>document.title=2</script>");
        visitor.presses("Place order · ¥9.90");
        visitor.seesTheOrder();
        visitor.reads("<img src=x onerror=document.title=1>");

        assertThat(browser.title()).contains("Gift Orders");
        assertThat(browser.findAll("main img, main script")).isEmpty();
        shop.call(HttpMethod.PATCH, "/gifts/" + gift, Shop.operator(), "{\"name\": \"Tea set\"}")
                .block();
    }

    @Test
    void aPriceThatChangedIsSaid() {
        long gift = shop.gift(10);
        visitor.comesAs("Lin 林");
        visitor.choosesAndGoesToTheCart(gift);
        visitor.reads("Place order · ¥9.90");

        shop.call(HttpMethod.PATCH, "/gifts/" + gift, Shop.operator(), "{\"price\": \"12.00\"}")
                .block();

        visitor.reads("The price changed from ¥9.90 to ¥12.00.");
        visitor.presses("Place order · ¥12.00");
        visitor.seesTheOrder();
        visitor.reads("¥12.00");
    }

    @Test
    void theKeyboardIsEnough() {
        long gift = shop.gift(10);
        visitor.comesAs("Lin 林");
        visitor.reads("Add to cart");

        // whoever comes to a page has the focus at its beginning, a moment after it is drawn
        Shop.await(() -> browser.focused().equals("Gifts"));
        browser.run("document.querySelector(arguments[0]).focus()", "[data-gift='" + gift + "'] .act > button");
        browser.press(Keys.ENTER);
        Shop.await(() -> browser.focused().contains("+"));
        browser.press(Keys.SPACE);
        browser.run("document.querySelector('a.bar').focus()");
        browser.press(Keys.ENTER);
        visitor.reads("Place order · ¥19.80");
        Shop.await(() -> browser.focused().equals("Cart"));
        browser.run("document.querySelector('button.order').focus()");
        browser.press(Keys.ENTER);

        visitor.seesTheOrder();
        Shop.await(() -> browser.focused().equals("Order"));
        visitor.reads("Time left to pay");
    }

    @Test
    void theFocusDoesNotGoWithWhatIsTakenOut() {
        long first = shop.gift(10);
        long second = shop.gift("Kite 风筝", "22.00", 10, "");
        visitor.comesFirst("en");
        visitor.puts(first);
        visitor.choosesAndGoesToTheCart(second);

        for (long gift : List.of(first, second)) {
            visitor.pressesAt("[data-gift='" + gift + "'] .remove");
            Shop.await(
                    () -> browser.findAll("[data-gift='" + gift + "'] .remove").isEmpty());
            assertThat(browser.focused()).isEqualTo("Cart");
        }
        visitor.reads("Nothing is in your cart.");
    }

    @Test
    void oneComesToTheEndOfALongCatalogueAndOfManyOrders() {
        long first = shop.gift(1000);
        for (int more = 0; more < 30; more++) {
            shop.gift("Kite " + more, "22.00", 10, "");
        }
        for (int order = 0; order < 12; order++) {
            shop.order(9, "{\"" + first + "\": 1}").block();
        }
        visitor.comesFirst("en");
        visitor.reads("Tea set 茶具");
        browser.run("scrollTo(0, document.body.scrollHeight)");
        Shop.await(() -> {
            browser.run("scrollTo(0, document.body.scrollHeight)");
            return browser.text().contains("Kite 29");
        });

        visitor.goes("#/orders");
        visitor.presses("Wang 王");
        Shop.await(() -> browser.findAll(".entry").size() == 10);
        visitor.presses("Older orders");
        Shop.await(() -> browser.findAll(".entry").size() == 12);
        visitor.reads("These are all your orders.");

        shop.order(9, "{\"" + first + "\": 1}").block();
        browser.glanceElsewhere();
        Shop.await(() -> browser.findAll(".entry").size() == 13);
        visitor.reads("These are all your orders.");
    }

    @Test
    void aPageThatCannotBeReadIsNotAskedForAgainAndAgain() {
        for (int gift = 0; gift < 30; gift++) {
            shop.gift("Kite " + gift, "22.00", 10, "");
        }
        browser.atStart("""
                window.asked = 0;
                const reached = window.fetch;
                window.fetch = (path, how) => location.search === '?away' && String(path).includes('after=')
                    ? (window.asked++, Promise.reject(new TypeError('away')))
                    : reached(path, how);
                """);
        visitor.comesFirst("en");
        browser.go(shop.address() + "/?away");
        visitor.reads("Kite 0");
        browser.run("scrollTo(0, document.body.scrollHeight)");
        Shop.await(() -> asked() > 0);

        Mono.delay(Duration.ofSeconds(2)).block();

        // in a loop it would be hundreds
        assertThat(asked()).isLessThan(5);
        visitor.reads("Kite 0");
    }

    private static long asked() {
        return (Long) Objects.requireNonNull(browser.run("return window.asked"));
    }

    private static String cardOf(long gift) {
        return String.valueOf(browser.run(
                "return document.querySelector(arguments[0])?.innerText ?? ''", "[data-gift='" + gift + "']"));
    }
}
