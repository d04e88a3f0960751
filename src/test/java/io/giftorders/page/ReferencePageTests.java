package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The API's document, read and tried in a real browser. */
class ReferencePageTests {

    private static final String LIST_GIFTS = "#operations-gifts-listGifts";
    private static final String LIST_ORDERS = "#operations-orders-listOrders";

    private static Browser browser;
    private static Shop shop;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        shop = Shop.withDemoSignIn();
        shop.gift(10);
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

    @Test
    void aReaderTriesACallAndThenOneThatTakesAToken() {
        browser.log().forget();
        browser.go(shop.address() + "/reference");
        browser.await("Read a page of gifts");
        browser.wholePage(Path.of("target", "pages", "reference.png"));

        execute(LIST_GIFTS);
        browser.await("\"gifts\": [");

        execute(LIST_ORDERS);
        browser.await("/problems/not-authenticated");

        browser.click("Ada");
        browser.await("Signed in as Ada");
        browser.find(LIST_ORDERS + " .execute").click();
        browser.await("\"orders\": []");

        assertThat(browser.log().console())
                .filteredOn(line -> !line.contains("401"))
                .isEmpty();
        assertThat(browser.log().origins()).containsExactly(shop.address());
        assertThat(browser.overflow()).isZero();
    }

    private static void execute(String operation) {
        browser.find(operation + " button.opblock-summary-control").click();
        Shop.await(() -> !browser.findAll(operation + " .execute").isEmpty());
        browser.run("arguments[0].scrollIntoView({ block: 'center' })", browser.find(operation + " .execute"));
        browser.find(operation + " .execute").click();
    }
}
