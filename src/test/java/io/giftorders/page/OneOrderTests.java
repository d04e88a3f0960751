package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.machine.CuttingProxy;
import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Connection;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens between the press and the answer, a cart becomes one order, and the buyer gets to see it. Between browser
 * and shop there is something that cuts the connection.
 */
class OneOrderTests {

    private static final long ADA = 8;
    private static final String ORDER = "Place order · ¥9.90";

    private static Browser browser;
    private static Shop shop;
    private static CuttingProxy network;
    private static Visitor visitor;

    private long gift;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        shop = Shop.withDemoSignIn();
        network = new CuttingProxy(URI.create(shop.address()).getPort());
        visitor = new Visitor(browser, "http://127.0.0.1:" + network.port());
    }

    @AfterAll
    static void close() {
        if (network != null) {
            network.close();
        }
        if (shop != null) {
            shop.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void aCart() {
        shop.sql("DELETE FROM order_item");
        shop.sql("DELETE FROM orders");
        gift = shop.gift(100);
        visitor.comesAs("Ada");
        visitor.choosesAndGoesToTheCart(gift);
        visitor.reads(ORDER);
    }

    @AfterEach
    void theNetworkIsBack() {
        network.comeBack();
    }

    @Test
    void aDoubleClickPlacesOneOrder() {
        browser.run(
                "const order = document.querySelector('button.order'); order.click(); order.click(); order.click()");

        seesTheOneOrder();
    }

    @Test
    void aClickInEachOfTwoTabsPlacesOneOrder() {
        String first = browser.tab();
        String second = browser.newTab();
        browser.go("http://127.0.0.1:" + network.port() + "/#/orders");
        visitor.presses("Ada");
        visitor.goes("#/cart");
        visitor.reads(ORDER);
        Connection writer = shop.lock(gift);
        visitor.presses(ORDER);
        Shop.await(() -> attempt().contains("key"));
        browser.toTab(first);

        visitor.reads("We have not heard whether your order went through");
        visitor.presses("Ask again");
        visitor.reads("Asking again …");
        Shop.unlock(writer);

        seesTheOneOrder();
        browser.toTab(second);
        visitor.seesTheOrder();
        browser.closeTab();
        browser.toTab(first);
    }

    @Test
    void aReloadDuringTheOrderPlacesOne() {
        Connection writer = shop.lock(gift);
        double batches = batches();
        visitor.presses(ORDER);
        visitor.reads("Placing your order …");
        Shop.await(() -> batches() > batches);

        browser.reload();
        visitor.reads("We have not heard whether your order went through");
        assertThat(browser.findAll("button.order")).isEmpty();
        assertThat(browser.findAll(".line button:not(:disabled)")).isEmpty();
        visitor.findsNoFault("an order nobody heard of");
        Shop.unlock(writer);
        visitor.presses("Ask again");

        seesTheOneOrder();
    }

    @Test
    void aConnectionThatBreaksBeforeTheOrderArrivesCostsNothing() {
        network.loseQuery("POST /orders");
        visitor.presses(ORDER);

        visitor.reads("The connection broke off");
        visitor.reads("you get one order at the most");
        assertThat(orders()).isZero();
        visitor.findsNoFault("a broken connection");
        network.comeBack();

        seesTheOneOrder();
    }

    @Test
    void anOrderWhoseAnswerIsLostIsFoundAgain() {
        network.loseAnswer("HTTP/1.1 201");
        visitor.presses(ORDER);

        visitor.reads("The connection broke off");
        Shop.await(() -> orders() == 1);
        String key = attempt();
        assertThat(key).contains("key");
        network.comeBack();

        seesTheOneOrder();
        assertThat(key).contains(theKeyInTheBooks());
    }

    @Test
    void anOrderWhoseAnswerIsLostIsFoundAgainAfterAReload() {
        network.loseAnswer("HTTP/1.1 201");
        visitor.presses(ORDER);
        visitor.reads("The connection broke off");
        visitor.presses("Stop trying");
        network.comeBack();
        browser.reload();

        visitor.reads("We have not heard whether your order went through");
        assertThat(orders()).isEqualTo(1);
        visitor.presses("Ask again");

        seesTheOneOrder();
    }

    @Test
    void aRefusalAfterALostAnswerIsNotBelievedAtOnce() {
        network.loseQuery("POST /orders");
        visitor.presses(ORDER);
        visitor.reads("The connection broke off");
        visitor.presses("Stop trying");
        shop.sql("UPDATE gift SET stock = 0, terms = terms + 1 WHERE id = " + gift);
        network.comeBack();
        visitor.presses("Ask again");

        visitor.reads("We make sure that your earlier request did not go through");
        assertThat(attempt()).contains("key");
        // half a minute later for the page: what it waits for is in the past
        browser.run("""
                const name = Object.keys(localStorage).find(each => each.includes('attempt'));
                const attempt = JSON.parse(localStorage[name]);
                attempt.doubt -= 40000;
                localStorage[name] = JSON.stringify(attempt);
                """);
        browser.reload();
        visitor.presses("Ask again");

        visitor.reads("Sold out");
        visitor.reads("Take it out");
        assertThat(attempt()).isEqualTo("null");
        assertThat(orders()).isZero();
    }

    @Test
    void anOrderThatWaitsTooLongIsSentAgainByItself() {
        Connection writer = shop.lock(gift);
        somebodyIsInTheWay();
        visitor.presses(ORDER);

        visitor.reads("Very many people are ordering right now");
        visitor.reads("Nothing was ordered yet");
        visitor.findsNoFault("an overload");
        visitor.takesAPicture("shop-busy");
        Shop.unlock(writer);

        String order = visitor.seesTheOrder();
        visitor.reads("Time left to pay");
        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void whoStopsWaitingKeepsTheCartAndHasNoOrder() {
        Connection writer = shop.lock(gift);
        somebodyIsInTheWay();
        visitor.presses(ORDER);
        visitor.reads("Very many people are ordering right now");
        visitor.presses("Stop trying");

        visitor.reads(ORDER);
        visitor.pressesAt(".line .pieces button:last-child");
        visitor.reads("Place order · ¥19.80");
        Shop.unlock(writer);
        assertThat(orders()).isZero();
        assertThat(attempt()).isEqualTo("null");
    }

    @Test
    void aShopThatIsAwaySaysSoAndComesBackByItself() {
        visitor.goes("#/");
        visitor.reads("1 in the cart");
        network.goAway();
        visitor.reads("Live stock interrupted");
        shop.order(7, "{\"" + gift + "\": 58}").block();
        browser.await("100 left");
        network.comeBack();

        visitor.reads("42 left");
        Shop.await(() -> !browser.text().contains("Live stock interrupted"));
        assertThat(browser.layoutShift()).isLessThan(0.02);
    }

    /** An order that waits for the locked gift, so that those behind it wait too long. */
    private void somebodyIsInTheWay() {
        double batches = batches();
        shop.order(7, "{\"" + gift + "\": 1}").subscribe();
        Shop.await(() -> batches() > batches);
    }

    private static double batches() {
        return shop.metric("gift.orders.batch.size");
    }

    /** What Ada's browser keeps of an order under way. */
    private static String attempt() {
        return String.valueOf(browser.run("return localStorage['gift-orders.shop.attempt.8'] ?? null"));
    }

    private static long orders() {
        return shop.number("SELECT COUNT(*) FROM orders WHERE uid = " + ADA);
    }

    private static String theKeyInTheBooks() {
        return String.valueOf(shop.database()
                .sql("SELECT idempotency_key FROM orders WHERE uid = " + ADA)
                .map(row -> row.get(0))
                .one()
                .block());
    }

    private static void seesTheOneOrder() {
        String order = visitor.seesTheOrder();
        visitor.reads("Time left to pay");
        visitor.reads(order);
        assertThat(orders()).isEqualTo(1);
        assertThat(shop.status(order)).isEqualTo(1);
        assertThat(attempt()).isEqualTo("null");
        visitor.goes("#/cart");
        visitor.reads("Nothing is in your cart.");
    }
}
