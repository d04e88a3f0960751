package io.giftorders.desk;

import io.giftorders.order.Order;
import io.giftorders.order.OrderCodes;
import io.giftorders.order.Orders;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Finds orders for an operator without an index of its own, which every order that is placed would pay for. A buyer's orders
 * have an index; times are ranges of codes, since codes grow with time; and where a status is asked for, a page reads a
 * bounded number of orders and says where it stopped.
 */
@Component
class OrderFinder {

    /** Orders read for a page at the most. Chosen: they are a megabyte or two, which take some ten milliseconds. */
    static final int MAX_READ = 10_000;

    private static final String RANGE = """
            SELECT order_code FROM orders FORCE INDEX (%s)
             WHERE order_code >= :oldest AND order_code < :newest%s
            """;

    private static final String ALL = RANGE.formatted("PRIMARY", "");
    private static final String OF_A_BUYER = RANGE.formatted("orders_of_a_buyer", " AND uid = :uid");

    private static final String NEWEST_FIRST = " ORDER BY order_code DESC LIMIT :limit";
    private static final String LAST_READ = " ORDER BY order_code DESC LIMIT 1 OFFSET " + (MAX_READ - 1);
    private static final String OF_STATUS = " AND status IN (:statuses)";

    private final DatabaseClient database;
    private final Orders orders;

    OrderFinder(DatabaseClient database, Orders orders) {
        this.database = database;
        this.orders = orders;
    }

    /** The page of this search; may have fewer orders than the search's limit, and go on all the same. */
    Mono<FoundOrders> find(OrderSearch search) {
        Range range = Range.of(search);
        return search.statuses().isEmpty()
                ? codes(search, range).flatMap(codes -> page(search, codes, null))
                : lastRead(search, range).flatMap(stop -> codes(search, range.downTo(stop))
                        .flatMap(codes -> page(search, codes, stop.orElse(null))));
    }

    /** The order at which reading stops, if there are so many. Found first: what is placed meanwhile moves it no more. */
    private Mono<Optional<Long>> lastRead(OrderSearch search, Range range) {
        return select(search, range, LAST_READ)
                .map(OrderFinder::code)
                .one()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    private Mono<List<Long>> codes(OrderSearch search, Range range) {
        boolean any = search.statuses().isEmpty();
        GenericExecuteSpec select = select(search, range, any ? NEWEST_FIRST : OF_STATUS + NEWEST_FIRST)
                .bind("limit", search.limit());
        return (any ? select : select.bind("statuses", search.statusCodes()))
                .map(OrderFinder::code)
                .all()
                .collectList();
    }

    private GenericExecuteSpec select(OrderSearch search, Range range, String rest) {
        GenericExecuteSpec select = database.sql((search.uid() == null ? ALL : OF_A_BUYER) + rest)
                .bind("oldest", range.oldest())
                .bind("newest", range.newest());
        return search.uid() == null ? select : select.bind("uid", search.uid());
    }

    private static long code(Readable row) {
        return Objects.requireNonNull(row.get("order_code", Long.class));
    }

    private Mono<FoundOrders> page(OrderSearch search, List<Long> codes, @Nullable Long stop) {
        Long last = codes.size() == search.limit() ? codes.get(codes.size() - 1) : stop;
        String next = last == null ? null : search.next(last);
        Mono<List<Order>> found = codes.isEmpty() ? Mono.just(List.of()) : orders.withCodes(codes);
        return found.map(page -> new FoundOrders(page, next));
    }

    /** @param newest excluded */
    private record Range(long oldest, long newest) {

        static Range of(OrderSearch search) {
            Range range = new Range(
                    search.from() == null ? 0 : OrderCodes.firstAt(search.from()),
                    search.to() == null ? Long.MAX_VALUE : OrderCodes.firstAt(search.to()));
            if (search.before() != null) {
                range = new Range(range.oldest, Math.min(range.newest, search.before()));
            }
            return search.orderCode() == null
                    ? range
                    : new Range(
                            Math.max(range.oldest, search.orderCode()),
                            Math.min(range.newest - 1, search.orderCode()) + 1);
        }

        Range downTo(Optional<Long> stop) {
            return stop.map(last -> new Range(last, newest)).orElse(this);
        }
    }
}
