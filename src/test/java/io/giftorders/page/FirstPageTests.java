package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What it takes to see the shop for the first time, on a phone. */
class FirstPageTests {

    /** Bytes over the network. The budget. */
    private static final long BUDGET = 150_000;

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
    void itIsLightComesFromHereAloneAndIsThereTheSecondTime() {
        browser.log().forget();
        browser.go(shop.address() + "/");
        Shop.await(() -> !browser.findAll("main h1").isEmpty());

        assertThat(browser.log().transferred()).isBetween(1_000L, BUDGET);
        assertThat(browser.log().unpacked()).isGreaterThan(browser.log().transferred());
        assertThat(browser.log().origins()).containsExactly(shop.address());
        assertThat(browser.log().console()).isEmpty();
        assertThat(browser.overflow()).isZero();

        browser.log().forget();
        browser.go(shop.address() + "/#/");
        browser.reload();
        Shop.await(() -> !browser.findAll("main h1").isEmpty());

        assertThat(browser.log().requests())
                .filteredOn(request -> request.url().contains("/assets/"))
                .allMatch(request -> request.transferred() == 0);
    }
}
