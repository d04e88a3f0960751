package io.giftorders.json;

import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/** Numbers in paths and query strings: the ids and keyset cursors of this API. */
public final class Paging {

    /** Rows on a page where the request says nothing. */
    public static final int DEFAULT_LIMIT = 20;

    /** Rows on a page at the most. Chosen: a screen or five, and one database round trip of about a millisecond. */
    private static final int MAX_LIMIT = 100;

    private Paging() {}

    /** An id from the path: a positive decimal number without sign or leading zero. Fails with 400 naming it. */
    public static long id(ServerRequest request, String name) {
        return positive(name, request.pathVariable(name));
    }

    /** An id from the query string, or null where there is none. Fails with 400 naming it. */
    public static @Nullable Long idIfAny(ServerRequest request, String name) {
        return request.queryParam(name).map(text -> positive(name, text)).orElse(null);
    }

    /** Where the page starts, from the query string. Fails with 400 naming it. */
    public static long cursor(ServerRequest request, String name, long otherwise) {
        return request.queryParam(name).map(text -> positive(name, text)).orElse(otherwise);
    }

    /** Rows on the page, {@code limit} in the query string, 1 to 100, default 20. Fails with 400 naming it. */
    public static int limit(ServerRequest request) {
        return request.queryParam("limit").map(Paging::limit).orElse(DEFAULT_LIMIT);
    }

    /** As {@link #limit(ServerRequest)}, of the parameter's text. */
    public static int limit(String text) {
        long limit = positive("limit", text);
        if (limit > MAX_LIMIT) {
            throw new InvalidRequest("limit", Detail.of("invalid-request.at-most", MAX_LIMIT));
        }
        return (int) limit;
    }

    /** A positive decimal number without sign or leading zero. Fails with 400 naming it. */
    public static long positive(String name, String text) {
        if (text.matches("[1-9][0-9]{0,18}")) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException beyondLong) {
                // refused below, like anything else that is not an id
            }
        }
        throw new InvalidRequest(name, Detail.of("invalid-request.not-positive"));
    }
}
