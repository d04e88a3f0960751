package io.giftorders.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.order.OrderCodes;
import io.giftorders.order.OrderStatus;
import io.giftorders.order.Orders;
import io.giftorders.shop.Shop;
import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.r2dbc.connection.SingleConnectionFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** However many orders there are, and whatever is asked for: a page reads a bounded number of rows. */
class BoundedSearchTests {

    /** Six times what a page reads. The system property is for a larger table. */
    private static final int ORDERS = Integer.getInteger("gift-orders.test-orders", 60_000);

    private static final long EVERY_OTHER = 7;
    private static final long FEW = 8;

    /** A millisecond each. */
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    private static final int MILLISECOND = 1 << 22;

    /** Rows of a page with their items, and what the server itself needs to look into an index. */
    private static final int BESIDES = 500;

    private static Shop shop;
    private static Connection connection;
    private static DatabaseClient database;
    private static OrderFinder finder;

    /** Every order completed, but one of the buyer of few, which is the oldest of all and paid. */
    @BeforeAll
    static void open() {
        shop = Shop.open();
        connection = shop.connect();
        database = DatabaseClient.create(new SingleConnectionFactory(connection, () -> "MySQL", true));
        finder = new OrderFinder(database, new Orders(database));
        String digit = "(SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4"
                + " UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
        String numbers = "(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d AS n FROM "
                + digit + " a, " + digit + " b, " + digit + " c, " + digit + " d, " + digit + " e, " + digit + " f)";
        String code = OrderCodes.firstAt(FIRST) + " + n * " + MILLISECOND;
        sql("INSERT INTO orders (order_code, uid, total_count, total_amount, status, created_at, expires_at)"
                + " SELECT " + code + ", CASE n WHEN 0 THEN 8 ELSE IF(n % 2, 7, 1000 + n) END, 1, 9.90,"
                + " IF(n = 0, 2, 4), '2026-01-01', '2026-01-01' FROM " + numbers + " numbers WHERE n < " + ORDERS);
        sql("INSERT INTO order_item (order_code, goods_id, uid, counts, price)"
                + " SELECT order_code, 1, uid, 1, 9.90 FROM orders");
        sql("ANALYZE TABLE orders");
    }

    @AfterAll
    static void close() {
        Mono.from(connection.close()).block();
        shop.close();
    }

    static Stream<OrderSearch> searches() {
        Instant middle = FIRST.plusMillis(ORDERS / 2);
        Set<OrderStatus> completed = Set.of(OrderStatus.COMPLETED);
        Set<OrderStatus> paid = Set.of(OrderStatus.AWAITING_SHIPMENT);
        return Stream.of(
                search(null, Set.of(), null, null),
                search(null, completed, null, null),
                search(null, paid, null, null),
                search(null, paid, null, middle),
                search(null, paid, middle, null),
                search(null, paid, middle, middle.plusMillis(5_000)),
                search(null, Set.of(OrderStatus.values()), null, null),
                search(EVERY_OTHER, Set.of(), null, null),
                search(EVERY_OTHER, completed, null, null),
                search(EVERY_OTHER, paid, null, null),
                search(EVERY_OTHER, paid, null, middle),
                search(FEW, Set.of(), null, null),
                search(FEW, paid, null, null),
                search(FEW, completed, middle, null),
                search(99L, Set.of(), null, null),
                search(99L, paid, middle, null));
    }

    @ParameterizedTest
    @MethodSource("searches")
    void aPageReadsABoundedNumberOfRows(OrderSearch search) {
        long before = rowsRead();

        finder.find(search).block();

        // once to find where reading stops, and once to find what is asked for
        assertThat(rowsRead() - before).isLessThan(2 * OrderFinder.MAX_READ + BESIDES);
    }

    @Test
    void aSearchThatFindsNothingForLongGoesOnUntilItHasSeenEverything() {
        OrderSearch search = search(null, Set.of(OrderStatus.AWAITING_SHIPMENT), null, null);
        List<Integer> found = new ArrayList<>();
        FoundOrders page = finder.find(search).block();
        found.add(page.orders().size());
        while (page.next() != null && found.size() < 100) {
            long before = Long.parseLong(page.next().replaceAll(".*before=([0-9]+).*", "$1"));
            page = finder.find(new OrderSearch(null, null, search.statuses(), null, null, before, search.limit()))
                    .block();
            found.add(page.orders().size());
        }

        // the oldest order is the last that the last full page reads
        int full = ORDERS / OrderFinder.MAX_READ;
        assertThat(found).hasSize(full + 1).endsWith(1, 0);
        assertThat(found.subList(0, full - 1)).containsOnly(0);
        assertThat(page.next()).isNull();
    }

    @Test
    void theOldestOrderOfABuyerIsFoundAtOnce() {
        FoundOrders page = finder.find(search(FEW, Set.of(OrderStatus.AWAITING_SHIPMENT), null, null))
                .block();

        assertThat(page.orders()).hasSize(1);
        assertThat(page.next()).isNull();
    }

    private static OrderSearch search(
            @Nullable Long uid, Set<OrderStatus> statuses, @Nullable Instant from, @Nullable Instant to) {
        return new OrderSearch(null, uid, statuses, from, to, null, 20);
    }

    private static void sql(String statement) {
        database.sql(statement).fetch().all().blockLast();
    }

    /** As the server counts them, of this connection. */
    private static long rowsRead() {
        return database.sql("SHOW SESSION STATUS LIKE 'Handler_read_%'")
                .map(row -> Long.parseLong(String.valueOf(row.get(1))))
                .all()
                .reduce(0L, Long::sum)
                .block();
    }
}
