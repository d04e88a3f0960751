package io.giftorders.identity;

import java.time.Instant;
import java.util.Objects;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Who is asking.
 *
 * @param uid the buyer, from the token's {@code sub}
 * @param operator whether the token has the scope {@code shop:operate}
 * @param expiresAt when the token ends
 */
public record Caller(long uid, boolean operator, Instant expiresAt) {

    private static final String ATTRIBUTE = Caller.class.getName();

    /** The caller of a request that passed {@link Identity}. */
    public static Caller of(ServerRequest request) {
        return (Caller) Objects.requireNonNull(request.attributes().get(ATTRIBUTE), "route has no identity filter");
    }

    void attachTo(ServerRequest request) {
        request.attributes().put(ATTRIBUTE, this);
    }
}
