package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagePropertiesTests {

    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    @Test
    void nobodyNeedsToSignInOnThePages() {
        assertThat(accepted(null, null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/dev/tokens", "/tokens"})
    void demoTokensComeFromThisService(String path) {
        assertThat(accepted(path, null)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"//example.org/tokens", "https://example.org/", "/\\example.org", "tokens", "/", ""})
    void andFromNoOther(String path) {
        assertThat(accepted(path, null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://login.example/buyers", "http://127.0.0.1:9000/buyers", "http://localhost:9000"})
    void aProviderIsReachedSafely(String issuer) {
        assertThat(accepted(null, provider(issuer, "openid profile"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://login.example", "login.example", "ftp://login.example", "https://a:b@login.example"})
    void andNotOtherwise(String issuer) {
        assertThat(accepted(null, provider(issuer, "openid"))).isFalse();
    }

    @Test
    void whatIsAskedForIsOpenid() {
        assertThat(accepted(null, provider("https://login.example", "profile email")))
                .isFalse();
    }

    @Test
    void oneWayToSignInIsEnough() {
        assertThat(accepted("/dev/tokens", provider("https://login.example", "openid")))
                .isFalse();
    }

    private static PageProperties.OpenId provider(String issuer, String scope) {
        return new PageProperties.OpenId(URI.create(issuer), "pages", scope, List.of());
    }

    private static boolean accepted(@Nullable String demoTokens, PageProperties.@Nullable OpenId provider) {
        return VALIDATOR.validate(new PageProperties(demoTokens, provider)).isEmpty();
    }
}
