package io.giftorders.order;

import io.giftorders.json.JsonBody;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a cart from {@code {"<gift id>": <count>, …}}. Token by token, because binding to a map would let {@code "01"},
 * {@code "+1"} and {@code "1"} fall together into one line.
 */
@Component
public final class CartReader {

    /** Digits of a gift id; with 18 of them it always fits a long. */
    private static final int MAX_ID_DIGITS = 18;

    /** Numbers may be as long as the body, so that a count of a thousand digits is refused by name, below. */
    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNumberLength(JsonBody.MAX_BYTES)
                    .build())
            .build();

    private final CartProperties limits;

    CartReader(CartProperties limits) {
        this.limits = limits;
    }

    /** The cart in the request's body; fails with 400, 413 or 415, naming the line that is wrong. */
    public Mono<Cart> read(ServerRequest request) {
        return JsonBody.bytes(request).map(this::parse);
    }

    /** As {@link #read}, but empty where the request has no body. */
    public Mono<Cart> readIfAny(ServerRequest request) {
        HttpHeaders headers = request.headers().asHttpHeaders();
        boolean noBody = headers.getContentLength() <= 0 && !headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
        return noBody ? Mono.empty() : read(request);
    }

    Cart parse(byte[] body) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), body)) {
            return parse(parser);
        } catch (JacksonException failure) {
            throw JsonBody.notJson(failure);
        }
    }

    private Cart parse(JsonParser parser) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw JsonBody.notAnObject();
        }
        List<Cart.Line> lines = new ArrayList<>(4);
        Set<Long> named = new HashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            Cart.Line line = line(parser);
            if (!named.add(line.giftId())) {
                throw new InvalidRequest(parser.currentName(), Detail.of("invalid-request.gift-twice"));
            }
            if (lines.size() == limits.maxLines()) {
                throw new InvalidRequest(
                        parser.currentName(), Detail.of("invalid-request.cart-lines", limits.maxLines()));
            }
            lines.add(line);
        }
        if (lines.isEmpty()) {
            throw new InvalidRequest("body", Detail.of("invalid-request.cart-empty"));
        }
        if (parser.nextToken() != null) {
            throw new InvalidRequest("body", Detail.of("invalid-request.after-cart"));
        }
        return new Cart(lines);
    }

    private Cart.Line line(JsonParser parser) {
        String name = parser.currentName();
        long giftId = giftId(name);
        if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getStringLength() > MAX_ID_DIGITS
                || parser.getLongValue() < 1
                || parser.getLongValue() > limits.maxCount()) {
            throw new InvalidRequest(name, Detail.of("invalid-request.count", limits.maxCount()));
        }
        return new Cart.Line(giftId, (int) parser.getLongValue());
    }

    private static long giftId(String name) {
        boolean digits = !name.isEmpty()
                && name.length() <= MAX_ID_DIGITS
                && name.charAt(0) != '0'
                && name.chars().allMatch(character -> character >= '0' && character <= '9');
        if (!digits) {
            throw new InvalidRequest(shortened(name), Detail.of("invalid-request.gift-id"));
        }
        return Long.parseLong(name);
    }

    /** The answer names the field, but is no echo for a body of 64 KB. */
    private static String shortened(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }
}
