package io.giftorders.page;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Scheme, host and port of an address: what a Content-Security-Policy speaks of. */
final class Origins {

    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    private Origins() {}

    static String of(URI address) {
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        return address.getScheme() + "://" + address.getHost() + port;
    }

    /** Whether a sign-in may go there: nobody on the way reads along. */
    static boolean safe(@Nullable URI address) {
        if (address == null || address.getHost() == null || address.getUserInfo() != null) {
            return false;
        }
        return "https".equals(address.getScheme())
                || ("http".equals(address.getScheme()) && THIS_MACHINE.contains(address.getHost()));
    }
}
