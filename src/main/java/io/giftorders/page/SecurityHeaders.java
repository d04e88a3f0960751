package io.giftorders.page;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What a browser is told to refuse on the pages: scripts and styles written into a page, other hosts, frames. So a text that
 * slipped into a page unescaped could still run nothing and send nothing anywhere.
 */
final class SecurityHeaders {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " font-src 'self'; connect-src %s; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Map<String, String> headers;

    SecurityHeaders(PageProperties.@Nullable OpenId provider) {
        this.headers = Map.of(
                "Content-Security-Policy", POLICY.formatted(connections(provider)),
                "X-Content-Type-Options", "nosniff",
                "Referrer-Policy", "no-referrer",
                "Cross-Origin-Opener-Policy", "same-origin",
                "Cross-Origin-Resource-Policy", "same-origin",
                "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
    }

    void addTo(HttpHeaders answer) {
        headers.forEach(answer::set);
    }

    private static String connections(PageProperties.@Nullable OpenId provider) {
        Set<String> sources = new LinkedHashSet<>(Set.of("'self'"));
        if (provider != null) {
            sources.add(Origins.of(provider.issuer()));
            provider.origins().forEach(address -> sources.add(Origins.of(address)));
        }
        return String.join(" ", sources);
    }
}
