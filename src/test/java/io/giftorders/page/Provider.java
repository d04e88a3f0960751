package io.giftorders.page;

import java.net.InetAddress;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;

/** An OpenID provider with a login page, on this machine. Whoever types a uid is that buyer; claims can be typed, too. */
final class Provider implements AutoCloseable {

    static final String CLIENT = "gift-orders-pages";

    private static final String NAME = "buyers";

    private final MockOAuth2Server server;

    private Provider(MockOAuth2Server server) {
        this.server = server;
    }

    /** @param tokensLast seconds */
    static Provider open(int tokensLast) {
        MockOAuth2Server server =
                new MockOAuth2Server(OAuth2Config.Companion.fromJson("""
                {
                  "interactiveLogin": true,
                  "tokenCallbacks": [{ "issuerId": "%s", "tokenExpiry": %d, "requestMappings": [] }]
                }
                """.formatted(NAME, tokensLast)));
        server.start(InetAddress.getLoopbackAddress(), 0);
        return new Provider(server);
    }

    String issuer() {
        // as a browser writes it, and as it will be in the tokens that the browser gets
        return server.issuerUrl(NAME).toString();
    }

    String[] settings() {
        return new String[] {
            "--spring.security.oauth2.resourceserver.jwt.issuer-uri=" + issuer(),
            "--gift-orders.pages.open-id.issuer=" + issuer(),
            "--gift-orders.pages.open-id.client-id=" + CLIENT
        };
    }

    String origin() {
        String address = server.baseUrl().toString();
        return address.substring(0, address.length() - 1);
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
