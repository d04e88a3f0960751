package io.giftorders.desk;

import io.giftorders.json.Paging;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * A search's query string, read strictly: a parameter that the call does not know is refused, since an operator who mistypes
 * one would take what comes for what was asked for. Everything here fails with {@link InvalidRequest} naming the parameter.
 */
final class Query {

    private static final Instant FIRST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

    private final MultiValueMap<String, String> parameters;

    private Query(MultiValueMap<String, String> parameters) {
        this.parameters = parameters;
    }

    /** @param known the parameters of the call */
    static Query of(ServerRequest request, Set<String> known) {
        Query query = new Query(request.queryParams());
        for (String name : query.parameters.keySet()) {
            if (!known.contains(name)) {
                String list = String.join(", ", new TreeSet<>(known));
                throw new InvalidRequest(name, Detail.of("invalid-request.unknown-parameter", list));
            }
        }
        return query;
    }

    /** The value of a parameter, or null where there is none. An empty one, as a form sends it, is none. */
    <T> @Nullable T one(String name, Function<String, T> read) {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new InvalidRequest(name, Detail.of("invalid-request.once"));
        }
        return values.stream()
                .filter(value -> value != null && !value.isEmpty())
                .findAny()
                .map(read)
                .orElse(null);
    }

    /** The values of a parameter that may come more than once, and with commas. */
    Stream<String> all(String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .filter(value -> value != null && !value.isEmpty())
                .flatMap(value -> Stream.of(value.split(",", -1)));
    }

    /** As {@link Paging#limit}. */
    int limit() {
        Integer limit = one("limit", Paging::limit);
        return limit == null ? Paging.DEFAULT_LIMIT : limit;
    }

    /** A decimal number without sign or leading zero, 0 among them: a uid may be. */
    @Nullable
    Long uid() {
        return one("uid", text -> {
            if (!text.matches("0|[1-9][0-9]{0,17}")) {
                throw new InvalidRequest("uid", Detail.of("invalid-request.uid"));
            }
            return Long.parseLong(text);
        });
    }

    /** A time with its offset. The plus of an offset that was not encoded has become a space on its way. */
    @Nullable
    Instant time(String name) {
        return one(name, text -> {
            try {
                return inDatabase(OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
            } catch (DateTimeException noTime) {
                throw new InvalidRequest(name, Detail.of("invalid-request.time"));
            }
        });
    }

    /** A time as the database has them; fails with {@link DateTimeException} for the years that it has not. */
    static Instant inDatabase(Instant time) {
        if (time.isBefore(FIRST) || !time.isBefore(END)) {
            throw new DateTimeException("beyond the database's years");
        }
        return time;
    }

    /** Refuses a time that is over before it begins. */
    void requireOrder(@Nullable Instant from, @Nullable Instant to) {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new InvalidRequest("to", Detail.of("invalid-request.to-before-from"));
        }
    }
}
