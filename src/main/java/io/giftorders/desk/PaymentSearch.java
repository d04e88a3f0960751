package io.giftorders.desk;

import io.giftorders.json.Paging;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Which payments an operator looks for; what is null does not matter.
 *
 * @param from the first moment of payment
 * @param to the first moment after
 * @param before the payment that the page comes after
 * @param limit payments on the page at the most
 */
record PaymentSearch(
        @Nullable Long orderCode,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Place before,
        int limit) {

    private static final Set<String> PARAMETERS = Set.of("order_code", "from", "to", "before", "limit");

    static PaymentSearch of(ServerRequest request) {
        Query query = Query.of(request, PARAMETERS);
        PaymentSearch search = new PaymentSearch(
                query.one("order_code", text -> Paging.positive("order_code", text)),
                query.time("from"),
                query.time("to"),
                query.one("before", Place::read),
                query.limit());
        query.requireOrder(search.from, search.to);
        return search;
    }

    /** Where the same search goes on, from the payments before this one. */
    String next(Place before) {
        UriComponentsBuilder next = UriComponentsBuilder.fromPath("/desk/payments");
        if (orderCode != null) {
            next.queryParam("order_code", orderCode);
        }
        if (from != null) {
            next.queryParam("from", from);
        }
        if (to != null) {
            next.queryParam("to", to);
        }
        return next.queryParam("before", before)
                .queryParam("limit", limit)
                .encode()
                .toUriString();
    }

    /** A payment's place among all: many are paid in one second, which is as exact as Alipay tells. */
    record Place(Instant paidAt, String tradeNo) {

        static Place read(String text) {
            String[] parts = text.split("_", 2);
            if (parts.length == 2 && parts[1].matches("[!-~]{1,64}")) {
                try {
                    return new Place(Query.inDatabase(Instant.parse(parts[0])), parts[1]);
                } catch (DateTimeException noTime) {
                    // refused below
                }
            }
            throw new InvalidRequest("before", Detail.of("invalid-request.cursor"));
        }

        @Override
        public String toString() {
            return paidAt + "_" + tradeNo;
        }
    }
}
