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
import io.r2dbc.spi.Result;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
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
        List<Query> keys = keys(batch);
        return Mono.fromSupplier(Found::new)
                .flatMap(found -> ask(found, concat(gifts(batch, locking), keys)))
                .flatMap(found -> limits(batch, found, keys))
                .flatMap(found -> ordersUnder(found.keys)
                        .map(orders -> new Snapshot(found.now, found.gifts, found.holdings, orders)));
    }

    /**
     * What buyers have of gifts with a limit; and then the keys once more: the order that fills a limit may be this very
     * one, sent to another instance. What an order is refused by must not be newer than the look for its key.
     */
    private Mono<Found> limits(List<PlaceOrder> batch, Found found, List<Query> keys) {
        List<Query> holdings = holdings(batch, found.gifts);
        return holdings.isEmpty() ? Mono.just(found) : ask(found, concat(holdings, keys));
    }

    /** Asks everything in one round trip. */
    private Mono<Found> ask(Found found, List<Query> queries) {
        return database.inConnection(connection -> {
            Batch statements = connection.createBatch();
            queries.forEach(query -> statements.add(query.sql));
            Iterator<Query> answered = queries.iterator();
            return Flux.from(statements.execute())
                    .concatMap(result -> answered.next().readInto(found, result))
                    .then(Mono.just(found));
        });
    }

    private static List<Query> gifts(List<PlaceOrder> batch, boolean locking) {
        String ids = batch.stream()
                .flatMap(wish -> wish.cart().lines().stream())
                .map(line -> Long.toString(line.giftId()))
                .distinct()
                .collect(Collectors.joining(","));
        return List.of(new Query((locking ? GIFTS_LOCKED : GIFTS).formatted(ids), Found::gift));
    }

    /** Empty where no order has a key. */
    private List<Query> keys(List<PlaceOrder> batch) {
        List<List<Object>> wanted = batch.stream()
                .flatMap(wish -> Stream.ofNullable(wish.keyUse()))
                .distinct()
                .map(use -> List.<Object>of(use.uid(), use.key().text()))
                .toList();
        String json = HexFormat.of().formatHex(JSON.writeValueAsBytes(wanted));
        return wanted.isEmpty() ? List.of() : List.of(new Query(KEYS.formatted(json) + lock(), Found::key));
    }

    /** Empty where no gift has a limit. */
    private List<Query> holdings(List<PlaceOrder> batch, Map<Long, Gift> gifts) {
        String pairs = batch.stream()
                .flatMap(wish -> wish.cart().lines().stream()
                        .filter(line -> isLimited(gifts.get(line.giftId())))
                        .map(line -> new Holding(line.giftId(), wish.uid())))
                .distinct()
                .map(holding -> "(goods_id = " + holding.giftId() + " AND uid = " + holding.uid() + ")")
                .collect(Collectors.joining(" OR "));
        return pairs.isEmpty() ? List.of() : List.of(new Query(HOLDINGS + pairs + lock(), Found::holding));
    }

    private static List<Query> concat(List<Query> first, List<Query> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
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

    /**
     * A statement and what becomes of its rows. Ids are written into the statement: numbers cannot carry SQL, and a batch
     * has hundreds.
     */
    private record Query(String sql, BiConsumer<Found, Readable> reader) {

        Publisher<Found> readInto(Found found, Result result) {
            return result.map(row -> {
                reader.accept(found, row);
                return found;
            });
        }
    }

    /** What was found so far. */
    private static final class Found {
        private final Map<Long, Gift> gifts = new HashMap<>();
        private final Map<Holding, Long> holdings = new HashMap<>();
        private final Map<Long, KeyUse> keys = new HashMap<>();
        private Instant now = Instant.EPOCH;

        void gift(Readable row) {
            Gift gift = Gift.read(row);
            gifts.put(gift.id(), gift);
            now = requiredTime(row, "now");
        }

        void holding(Readable row) {
            holdings.put(
                    new Holding(required(row, "goods_id", Long.class), required(row, "uid", Long.class)),
                    required(row, "counts", Long.class));
        }

        void key(Readable row) {
            keys.put(
                    required(row, "order_code", Long.class),
                    new KeyUse(
                            required(row, "uid", Long.class),
                            new IdempotencyKey(required(row, "idempotency_key", String.class))));
        }
    }
}
