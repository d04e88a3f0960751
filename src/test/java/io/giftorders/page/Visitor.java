package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import java.nio.file.Path;
import java.util.List;
import org.openqa.selenium.By;
import org.openqa.selenium.ElementNotInteractableException;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;

/** Somebody who looks at the shop's page on a phone, reads and presses what is there. */
final class Visitor {

    /** What moves by itself is less than this, as Web Vitals measure it; they call 0.1 good. */
    private static final double MOST_SHIFT = 0.02;

    private final Browser browser;
    private final String address;

    /** @param address of the shop, or of what stands before it */
    Visitor(Browser browser, String address) {
        this.browser = browser;
        this.address = address;
    }

    /** Comes to the shop for the first time: nothing is left of whoever was here before. */
    void comesFirst(String languages) {
        browser.prefer(languages);
        browser.go(address + "/sign-in");
        browser.run("localStorage.clear(); sessionStorage.clear()");
        browser.log().forget();
        browser.go(address + "/");
    }

    /** Comes for the first time, reads English and is signed in as one of the demo buyers. */
    void comesAs(String name) {
        comesFirst("en");
        goes("#/orders");
        presses(name);
        browser.await("Sign out");
        goes("#/");
    }

    void goes(String hash) {
        browser.run("location.hash = arguments[0]", hash);
    }

    void puts(long gift) {
        pressesAt("[data-gift='" + gift + "'] .act > button");
        Shop.await(() -> !browser.findAll("[data-gift='" + gift + "'] .pieces").isEmpty());
    }

    /** Puts a gift into the cart and goes there. */
    void choosesAndGoesToTheCart(long gift) {
        puts(gift);
        goes("#/cart");
        browser.await("Total");
    }

    void reads(String text) {
        browser.await(text);
    }

    /** Presses a button or follows a link by its text, as soon as it is there. */
    void presses(String text) {
        presses(By.xpath("//*[self::button or self::a or self::summary][normalize-space()='" + text + "']"), text);
    }

    void pressesAt(String selector) {
        presses(By.cssSelector(selector), selector);
    }

    /** What is pressed may be drawn anew at the very moment. */
    private void presses(By place, String name) {
        try {
            Shop.await(() -> {
                try {
                    browser.find(place).click();
                    return true;
                } catch (NoSuchElementException
                        | StaleElementReferenceException
                        | ElementNotInteractableException notNow) {
                    return false;
                }
            });
        } catch (IllegalStateException late) {
            throw new AssertionError("nothing to press: " + name + "\n" + browser.text(), late);
        }
    }

    /** Waits until the page shows an order, and gives its code. */
    String seesTheOrder() {
        Shop.await(() -> browser.url().matches(".*#/orders/[0-9]+"));
        return browser.url().replaceAll(".*/", "");
    }

    /** The page is fit to be looked at, light and dark, and by those who do not see it. */
    void findsNoFault(String view) {
        assertThat(browser.overflow()).as(view + " is wider than the phone").isZero();
        assertThat(browser.layoutShift()).as(view + " moves").isLessThan(MOST_SHIFT);
        for (String colors : List.of("dark", "light")) {
            browser.colors(colors);
            assertThat(browser.accessibilityFaults()).as(view + ", " + colors).isEmpty();
        }
    }

    /** Takes a picture for the documents, where one is asked for. */
    void takesAPicture(String name) {
        String directory = System.getProperty("gift-orders.screenshots");
        if (directory != null) {
            browser.smallPicture(Path.of(directory, name + ".png"));
        }
    }
}
