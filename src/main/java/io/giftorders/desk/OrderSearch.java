package io.giftorders.desk;

import io.giftorders.json.Paging;
import io.giftorders.order.OrderStatus;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Which orders an operator looks for; what is null or empty does not matter.
 *
 * @param from the first moment at which the order came
 * @param to the first moment at which it did not
 * @param before the order's code is smaller than this: where the page starts
 * @param limit orders on the page at the most
 */
record OrderSearch(
        @Nullable Long orderCode,
        @Nullable Long uid,
        Set<OrderStatus> statuses,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Long before,
        int limit) {

    private static final Set<String> PARAMETERS =
            Set.of("order_code", "uid", "status", "from", "to", "before", "limit");

    OrderSearch {
        statuses = Set.copyOf(statuses);
    }

    static OrderSearch of(ServerRequest request) {
        Query query = Query.of(request, PARAMETERS);
        OrderSearch search = new OrderSearch(
                query.one("order_code", text -> Paging.positive("order_code", text)),
                query.uid(),
                statuses(query.all("status")),
                query.time("from"),
                query.time("to"),
                query.one("before", text -> Paging.positive("before", text)),
                query.limit());
        query.requireOrder(search.from, search.to);
        return search;
    }

    private static Set<OrderStatus> statuses(Stream<String> codes) {
        Set<OrderStatus> statuses = EnumSet.noneOf(OrderStatus.class);
        codes.forEach(code -> statuses.add(Stream.of(OrderStatus.values())
                .filter(status -> Integer.toString(status.code()).equals(code))
                .findAny()
                .orElseThrow(() -> new InvalidRequest("status", Detail.of("invalid-request.status")))));
        return statuses;
    }

    /** The codes of the statuses, in order. */
    Collection<Integer> statusCodes() {
        return statuses.stream().map(OrderStatus::code).sorted().toList();
    }

    /** Where the same search goes on, from the orders below this code. */
    String next(long before) {
        UriComponentsBuilder next = UriComponentsBuilder.fromPath("/desk/orders");
        if (orderCode != null) {
            next.queryParam("order_code", orderCode);
        }
        if (uid != null) {
            next.queryParam("uid", uid);
        }
        if (!statuses.isEmpty()) {
            next.queryParam("status", statusCodes().toArray());
        }
        if (from != null) {
            next.queryParam("from", from);
        }
        if (to != null) {
            next.queryParam("to", to);
        }
        return next.queryParam("before", before).queryParam("limit", limit).toUriString();
    }
}
