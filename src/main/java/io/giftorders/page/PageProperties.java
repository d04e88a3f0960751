package io.giftorders.page;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How people sign in on the pages. Without any of it nobody can; the pages are there all the same.
 *
 * @param demoTokens path of this service that gives tokens to whoever asks, for development
 * @param openId the OpenID provider that people sign in at; not together with {@code demoTokens}
 */
@Validated
@ConfigurationProperties("gift-orders.pages")
record PageProperties(
        @Nullable @Pattern(regexp = "/[A-Za-z0-9._-][A-Za-z0-9._/-]*", message = "must be a path of this service")
        String demoTokens,

        @Nullable @Valid OpenId openId) {

    /**
     * An OpenID Connect provider. The pages are a public client there: authorization code with PKCE, no secret.
     *
     * @param issuer its address, as in the {@code iss} of its tokens; {@code https} except on this machine. What it says of
     *     itself is at {@code /.well-known/openid-configuration} below it
     * @param clientId what the pages are called there
     * @param scope what is asked for, separated by spaces; {@code openid} must be among it
     * @param origins where its other endpoints are, if not at the issuer's: the pages connect nowhere else
     */
    record OpenId(
            @NotNull URI issuer,
            @NotEmpty String clientId,

            @DefaultValue("openid") @Pattern(regexp = "(.* )?openid( .*)?", message = "must contain openid")
            String scope,

            @DefaultValue @NotNull List<@NotNull URI> origins) {

        @AssertTrue(message = "issuer and origins must be https addresses, or http ones of this machine")
        boolean isSafe() {
            return Origins.safe(issuer) && origins.stream().allMatch(Origins::safe);
        }
    }

    @AssertTrue(message = "people sign in by demo-tokens or by open-id, not by both")
    boolean isDecided() {
        return demoTokens == null || openId == null;
    }
}
