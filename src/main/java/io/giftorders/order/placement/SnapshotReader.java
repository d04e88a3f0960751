package io.giftorders.order.placement;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.requiredTime;

import io.giftorders.gift.Gift;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.order.Order;
import io.giftorders.order.Orders;
import io.giftorders.order.placement.PlaceOrder.KeyUse;
import io.giftorders.order.placement.Purchase.Holding;
import io.r2dbc.spi.Readable;
import java.time.Instant;
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
     */
    private static final String KEYS = """
            SELECT o.order_code, o.uid, o.idempotency_key
              FROM JSON_TABLE(?, '$[*]' COLUMNS (
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
        return gifts(batch, locking).flatMap(rows -> {
            Map<Long, Gift> gifts = rows.stream().map(GiftRow::gift).collect(Collectors.toMap(Gift::id, gift -> gift));
            Instant now = rows.isEmpty() ? Instant.EPOCH : rows.get(0).now();
            return holdings(batch, gifts)
                    .zipWhen(
                            holdings -> earlierOrders(batch),
                            (holdings, orders) -> new Snapshot(now, gifts, holdings, orders));
        });
    }

    private Mono<List<GiftRow>> gifts(List<PlaceOrder> batch, boolean locking) {
        String ids = batch.stream()
                .flatMap(wish -> wish.cart().lines().stream())
                .map(line -> Long.toString(line.giftId()))
                .distinct()
                .collect(Collectors.joining(","));
        String query = (locking ? GIFTS_LOCKED : GIFTS).formatted(ids);
        return query(query, GiftRow::read).collectList();
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

    private Mono<Map<KeyUse, Order>> earlierOrders(List<PlaceOrder> batch) {
        List<KeyUse> uses = batch.stream()
                .flatMap(wish -> Stream.ofNullable(wish.keyUse()))
                .distinct()
                .toList();
        if (uses.isEmpty()) {
            return Mono.just(Map.of());
        }
        return codesUnder(uses).flatMap(this::ordersUnder);
    }

    private Mono<Map<Long, KeyUse>> codesUnder(List<KeyUse> uses) {
        String wanted = JSON.writeValueAsString(
                uses.stream().map(use -> List.of(use.uid(), use.key().text())).toList());
        return database.inConnectionMany(connection -> Flux.from(connection
                                .createStatement(KEYS + lock())
                                .bind(0, wanted)
                                .execute())
                        .concatMap(result -> result.map(KeyRow::read)))
                .collectMap(KeyRow::orderCode, KeyRow::use);
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

    private record GiftRow(Gift gift, Instant now) {
        static GiftRow read(Readable row) {
            return new GiftRow(Gift.read(row), requiredTime(row, "now"));
        }
    }

    private record HoldingRow(Holding holding, long counts) {
        static HoldingRow read(Readable row) {
            return new HoldingRow(
                    new Holding(required(row, "goods_id", Long.class), required(row, "uid", Long.class)),
                    required(row, "counts", Long.class));
        }
    }

    private record KeyRow(long orderCode, KeyUse use) {
        static KeyRow read(Readable row) {
            return new KeyRow(
                    required(row, "order_code", Long.class),
                    new KeyUse(
                            required(row, "uid", Long.class),
                            new IdempotencyKey(required(row, "idempotency_key", String.class))));
        }
    }
}
