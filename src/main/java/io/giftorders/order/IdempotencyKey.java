package io.giftorders.order;

import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * A name the client gives an order, so that sending it again places nothing twice. One per buyer and order, for ever.
 *
 * @param text 1 to 255 printable ASCII characters without spaces
 */
public record IdempotencyKey(String text) {

    public static final String HEADER = "Idempotency-Key";

    /** Characters of {@code orders.idempotency_key}. */
    private static final int MAX_LENGTH = 255;

    /**
     * The key of a request, or null where it has none. Quoted as the draft has it
     * (draft-ietf-httpapi-idempotency-key-header-07, section 2.1) or bare, as most clients send it: both are the same key.
     */
    public static @Nullable IdempotencyKey of(ServerRequest request) {
        List<String> values = request.headers().header(HEADER);
        if (values.isEmpty()) {
            return null;
        }
        if (values.size() > 1) {
            throw new InvalidRequest(HEADER, Detail.of("invalid-request.one-key"));
        }
        String text = values.get(0).strip();
        if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
            text = text.substring(1, text.length() - 1);
        }
        boolean printable = text.chars().allMatch(character -> character > ' ' && character < 127 && character != '"');
        if (text.isEmpty() || text.length() > MAX_LENGTH || !printable) {
            throw new InvalidRequest(HEADER, Detail.of("invalid-request.key", MAX_LENGTH));
        }
        return new IdempotencyKey(text);
    }
}
