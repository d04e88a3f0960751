package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Browser;
import io.giftorders.shop.BrowserLog.Request;
import io.giftorders.shop.Shop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How one signs in at an OpenID provider, in a real browser: the tokens are really signed, and the service checks them. */
class SignInTests {

    /** Seconds. The pages renew a token that has less than a minute left: this one at its first use. */
    private static final int RENEWED_AT_ONCE = 59;

    /** The provider's page is not ours, and asks another host for a font. */
    private static final String FONTS_OF_THE_LOGIN_PAGE = "fonts.googleapis.com";

    private static final String CALL_ORDERS = """
            const done = arguments[arguments.length - 1];
            import(document.querySelector('script[type=module]').src.replace(/[^/]*$/, 'api.js'))
                .then(api => api.call('GET', '/orders'))
                .then(answer => done(JSON.stringify(answer)), problem => done(problem.name));
            """;

    private static Browser browser;
    private static Provider provider;
    private static Shop shop;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        provider = Provider.open(RENEWED_AT_ONCE);
        shop = Shop.open(provider.settings());
    }

    @AfterAll
    static void close() {
        if (shop != null) {
            shop.close();
        }
        if (provider != null) {
            provider.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void forgetWhoWasSignedIn() {
        browser.go(shop.address() + "/reference");
        browser.run("sessionStorage.clear()");
    }

    @Test
    void aBuyerSignsInAndIsBackWhereItBegan() {
        browser.log().forget();
        signIn("7", "");

        assertThat(browser.url()).isEqualTo(shop.address() + "/reference");
        assertThat(browser.runAsync(CALL_ORDERS)).isEqualTo("{\"orders\":[]}");
        assertThat(browser.log().requests())
                .extracting(Request::url)
                .noneMatch(url -> url.contains("access_token") || url.contains("eyJ"));
        assertThat(browser.log().console())
                .filteredOn(line -> !line.contains(FONTS_OF_THE_LOGIN_PAGE))
                .isEmpty();
        assertThat(browser.log().origins())
                .filteredOn(origin -> !origin.contains(FONTS_OF_THE_LOGIN_PAGE))
                .containsExactlyInAnyOrder(shop.address(), provider.origin());
    }

    @Test
    void theAddressWithTheCodeIsInNoHistory() {
        signIn("7", "");

        browser.back();
        Shop.await(() ->
                browser.url().startsWith(provider.origin()) || browser.url().startsWith(shop.address()));
        assertThat(browser.url()).doesNotContain("code=");
    }

    @Test
    void aTokenIsRenewedWithoutTheBuyer() {
        signIn("7", "");
        browser.log().forget();

        assertThat(browser.runAsync(CALL_ORDERS)).isEqualTo("{\"orders\":[]}");

        assertThat(browser.log().requests())
                .extracting(request -> request.method() + " " + request.url())
                .containsSubsequence("POST " + provider.issuer() + "/token", "GET " + shop.address() + "/orders");
    }

    @Test
    void anOperatorIsOne() {
        signIn("1", "{\"scope\": \"openid shop:operate\"}");

        assertThat(browser.runAsync(CALL_ORDERS.replace("'/orders'", "'/payments/discrepancies'")))
                .isEqualTo("{\"discrepancies\":[]}");
    }

    @Test
    void aBuyerIsNone() {
        signIn("7", "");

        assertThat(browser.runAsync(CALL_ORDERS.replace("'/orders'", "'/payments/discrepancies'")))
                .isEqualTo("not-allowed");
    }

    @Test
    void whoComesBackWithAnAnswerThatWasNotAskedForIsNotSignedIn() {
        browser.go(shop.address() + "/reference?code=stolen&state=guessed");
        browser.await("not begun on this page");

        assertThat(browser.url()).isEqualTo(shop.address() + "/reference");
        assertThat(browser.runAsync(CALL_ORDERS)).isEqualTo("not-authenticated");
    }

    @Test
    void whoSignsOutIsSignedOutAtTheProviderToo() {
        signIn("7", "");
        browser.log().forget();

        browser.click("Sign out");
        Shop.await(() -> browser.url().equals(shop.address() + "/"));

        assertThat(browser.log().requests())
                .extracting(Request::url)
                .anyMatch(url -> url.startsWith(provider.issuer() + "/endsession"));
        assertThat(browser.runAsync(CALL_ORDERS)).isEqualTo("not-authenticated");
    }

    private static void signIn(String uid, String claims) {
        browser.go(shop.address() + "/reference");
        Shop.await(() -> browser.text().contains("Sign in"));
        browser.click("Sign in");
        Shop.await(() -> !browser.findAll("input[name=username]").isEmpty());
        browser.find("input[name=username]").sendKeys(uid);
        browser.find("textarea[name=claims]").sendKeys(claims);
        browser.find("input[type=submit]").click();
        browser.await("Signed in as " + uid);
    }
}
