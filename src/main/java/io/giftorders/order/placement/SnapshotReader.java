package io.giftorders.order.placement;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;

import io.giftorders.gift.Gift;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.Order;
import io.giftorders.order.Orders;
import io.giftorders.order.placement.PlaceOrder.KeyUse;
import io.giftorders.order.placement.Purchase.Holding;
import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Reads what a batch's transaction decides on. */
final class SnapshotReader {

    private static final String GIFTS =
            "SELECT " + Gift.COLUMNS + ", UTC_TIMESTAMP(6) AS now FROM gift WHERE id IN (%s) ORDER BY id";

    private static final String GIFTS_LOCKED = GIFTS + " FOR UPDATE";

    /**
     * The keys travel as one JSON text. A list of pairs would be read by scanning the table (MariaDB), and equalities joined
     * by OR cost three times as much: the optimizer looks at each. The joins' order is given, or it would weigh that too.
     * The keys are compared byte by byte: of two collations of one character set the binary one wins, the table's.
     * The text is written in hexadecimal digits, which cannot carry SQL.
     */
    private static final String KEYS = """
            SELECT o.order_code, o.uid, o.idempotency_key
              FROM JSON_TABLE(_utf8mb4 X'%s', '$[*]' COLUMNS (
                       uid BIGINT PATH '$[0]',
                       idempotency_key VARCHAR(255) CHARACTER SET ascii PATH '$[1]')) wanted
              STRAIGHT_JOIN orders o ON o.uid = wanted.uid AND o.idempotency_key = wanted.idempotency_key
            """;

    private static final String HOLDINGS = "SELECT goods_id, uid, counts FROM purchase WHERE ";

    private static final JsonMapper JSON = new JsonMapper();

    private final DatabaseClient database;
    private final boolean committedOnly;
    private final Orders orders;

    /**
     * @param committedOnly whether keys and holdings are read with a shared lock: at read uncommitted a plain read would
     *     answer with an order of another instance that may never commit
     */
    SnapshotReader(DatabaseClient database, boolean committedOnly) {
        this.database = database;
        this.committedOnly = committedOnly;
        this.orders = new Orders(database);
    }

    /**
     * Reads for a batch, inside its transaction.
     *
     * @param locking whether the gifts' rows are locked as they are read, in id order
     */
    Mono<Snapshot> read(List<PlaceOrder> batch, boolean locking) {
        return giftsAndKeys(batch, locking).flatMap(found -> holdings(batch, found.gifts)
                .zipWhen(
                        holdings -> ordersUnder(found.keys),
                        (holdings, orders) -> new Snapshot(found.now, found.gifts, holdings, orders)));
    }

    /** In one round trip: what every batch asks for. */
    private Mono<Found> giftsAndKeys(List<PlaceOrder> batch, boolean locking) {
        String gifts = gifts(batch, locking);
        String keys = keys(batch);
        return database.inConnection(connection -> {
            Batch statements = connection.createBatch().add(gifts);
            if (!keys.isEmpty()) {
                statements.add(keys);
            }
            Iterator<Function<Readable, FoundRow>> readers = List.<Function<Readable, FoundRow>>of(
                            GiftRow::read, KeyRow::read)
                    .iterator();
            return Flux.from(statements.execute())
                    .concatMap(result -> result.map(readers.next()))
                    .collect(Found::new, (found, row) -> row.addTo(found));
        });
    }

    private static String gifts(List<PlaceOrder> batch, boolean locking) {
        String ids = batch.stream()
                .flatMap(wish -> wish.cart().lines().stream())
                .map(line -> Long.toString(line.giftId()))
                .distinct()
                .collect(Collectors.joining(","));
        return (locking ? GIFTS_LOCKED : GIFTS).formatted(ids);
    }

    /** Empty where no order has a key. */
    private String keys(List<PlaceOrder> batch) {
        List<List<Object>> wanted = batch.stream()
                .flatMap(wish -> Stream.ofNullable(wish.keyUse()))
                .distinct()
                .map(use -> List.<Object>of(use.uid(), use.key().text()))
                .toList();
        return wanted.isEmpty()
                ? ""
                : KEYS.formatted(HexFormat.of().formatHex(JSON.writeValueAsBytes(wanted))) + lock();
    }

    private Mono<Map<Holding, Long>> holdings(List<PlaceOrder> batch, Map<Long, Gift> gifts) {
        List<Holding> limited = batch.stream()
                .flatMap(wish -> wish.cart().lines().stream()
                        .filter(line -> isLimited(gifts.get(line.giftId())))
                        .map(line -> new Holding(line.giftId(), wish.uid())))
                .distinct()
                .toList();
        if (limited.isEmpty()) {
            return Mono.just(Map.of());
        }
        String pairs = limited.stream()
                .map(holding -> "(goods_id = " + holding.giftId() + " AND uid = " + holding.uid() + ")")
                .collect(Collectors.joining(" OR "));
        return query(HOLDINGS + pairs + lock(), HoldingRow::read).collectMap(HoldingRow::holding, HoldingRow::counts);
    }

    private static boolean isLimited(@Nullable Gift gift) {
        return gift != null && gift.limitPerUser() != null;
    }

    private Mono<Map<KeyUse, Order>> ordersUnder(Map<Long, KeyUse> uses) {
        if (uses.isEmpty()) {
            return Mono.just(Map.of());
        }
        return orders.withCodes(uses.keySet()).map(found -> found.stream()
                .collect(Collectors.toMap(
                        order -> Objects.requireNonNull(uses.get(order.orderCode())), order -> order)));
    }

    private String lock() {
        return committedOnly ? " LOCK IN SHARE MODE" : "";
    }

    /** Ids are written into the statement: numbers cannot carry SQL, and a batch has hundreds. */
    private <T> Flux<T> query(String sql, Function<Readable, T> read) {
        return database.inConnectionMany(connection ->
                Flux.from(connection.createStatement(sql).execute()).concatMap(result -> result.map(read)));
    }

    /** What one round trip found. */
    private static final class Found {
        private final Map<Long, Gift> gifts = new HashMap<>();
        private final Map<Long, KeyUse> keys = new HashMap<>();
        private Instant now = Instant.EPOCH;
    }

    private interface FoundRow {
        void addTo(Found found);
    }

    private record GiftRow(Gift gift, Instant now) implements FoundRow {
        static GiftRow read(Readable row) {
            return new GiftRow(Gift.read(row), requiredTime(row, "now"));
        }

        @Override
        public void addTo(Found found) {
            found.gifts.put(gift.id(), gift);
            found.now = now;
        }
    }

    private record HoldingRow(Holding holding, long counts) {
        static HoldingRow read(Readable row) {
            return new HoldingRow(
                    new Holding(required(row, "goods_id", Long.class), required(row, "uid", Long.class)),
                    required(row, "counts", Long.class));
        }
    }

    private record KeyRow(long orderCode, KeyUse use) implements FoundRow {
        static KeyRow read(Readable row) {
            return new KeyRow(
                    required(row, "order_code", Long.class),
                    new KeyUse(
                            required(row, "uid", Long.class),
                            new IdempotencyKey(required(row, "idempotency_key", String.class))));
        }

        @Override
        public void addTo(Found found) {
            found.keys.put(orderCode, use);
        }
    }
}
