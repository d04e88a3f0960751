package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Browser;
import io.giftorders.shop.Shop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a buyer sees who goes to Alipay and comes back, in a real browser of a phone's size. */
class BrowserTests {

    private static Browser browser;
    private static Shop shop;
    private static long gift;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        shop = Shop.withDemoSignIn(
                "--gift-orders.payment.clock-skew=0s",
                "--gift-orders.payment.min-time=0s",
                "--gift-orders.placement.pay-within=8s",
                "--gift-orders.lifecycle.check-every=50ms",
                "--gift-orders.lifecycle.retry-after=100ms");
        gift = shop.gift(10);
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
    void aBuyerPaysAndComesBackToAnOrderThatIsPaid() {
        String order = shop.order(7, "{\"" + gift + "\": 2}").block().orderCode();
        LocalAlipay.shared().faults().reset();

        signIn("Lin 林");
        browser.go(shop.payUrl(7, order));
        assertThat(browser.text()).contains("Gift order " + order).contains("19.80");
        assertThat(browser.overflow()).isZero();
        browser.click("Pay");

        // the click is over before the browser has come back by way of Alipay
        Shop.await(() -> browser.url().equals(shop.address() + "/#/orders/" + order));
        browser.await("Paid, awaiting shipment");
        browser.await("¥19.80");
        assertThat(browser.overflow()).isZero();
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void aBuyerWhoLeavesTheCashierLosesTheOrderWhenItExpires() {
        long stock = shop.stock(gift);
        String order = shop.order(8, "{\"" + gift + "\": 1}").block().orderCode();

        signIn("Ada");
        browser.go(shop.payUrl(8, order));
        browser.click("Log in, decide later");
        browser.click("Leave without paying");
        Shop.await(() -> browser.text().contains("left"));
        browser.go(shop.address() + "/#/orders/" + order);
        browser.await("Time left to pay");

        browser.await("Nothing is owed");
        assertThat(shop.status(order)).isEqualTo(5);
        assertThat(shop.stock(gift)).isEqualTo(stock);
    }

    @Test
    void aForgedReturnShowsAProblemPageAndChangesNothing() {
        String order = shop.order(9, "{\"" + gift + "\": 1}").block().orderCode();

        browser.go(
                shop.address() + "/alipay/return?out_trade_no=" + order
                        + "&total_amount=9.90&trade_no=2026&sign_type=RSA2&sign=bm90IGEgc2lnbmF0dXJl&x=<script>alert(1)</script>");

        assertThat(browser.text()).contains("This is not from Alipay").doesNotContain("alert");
        assertThat(shop.status(order)).isEqualTo(1);
    }

    private static void signIn(String buyer) {
        browser.prefer("en");
        browser.go(shop.address() + "/sign-in");
        browser.run("sessionStorage.clear()");
        browser.go(shop.address() + "/#/orders");
        browser.await(buyer);
        browser.click(buyer);
        browser.await("Sign out");
    }
}
