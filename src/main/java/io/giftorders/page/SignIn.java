package io.giftorders.page;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How people sign in on the pages, as the pages are told.
 *
 * @param kind {@code demo}, {@code openid} or {@code none}
 */
record SignIn(
        String kind,
        @Nullable String demoTokens,
        @Nullable URI issuer,
        @Nullable String clientId,
        @Nullable String scope) {

    static SignIn of(PageProperties properties) {
        PageProperties.OpenId provider = properties.openId();
        if (provider != null) {
            return new SignIn("openid", null, provider.issuer(), provider.clientId(), provider.scope());
        }
        String demoTokens = properties.demoTokens();
        return new SignIn(demoTokens == null ? "none" : "demo", demoTokens, null, null, null);
    }
}
