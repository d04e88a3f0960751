package io.giftorders.order.lifecycle;

import static io.giftorders.database.Columns.required;

import io.giftorders.gift.Gift;
import io.giftorders.order.Order;
import io.giftorders.order.OrderItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gives pieces back to the stock and takes them again, inside the caller's transaction. Gifts before the counts of
 * buyers, as an operator's change of a limit has it, so that a count that starts meanwhile is right; an order being placed
 * goes the other way round, and where the two meet in a deadlock both are run again.
 *
 * <p>Statements are built from numbers alone, which cannot carry SQL, so that they travel in one round trip.
 */
final class Stock {

    private static final String LOCK = "SELECT " + Gift.COLUMNS + " FROM gift WHERE id IN (%s) ORDER BY id FOR UPDATE";

    private static final String HOLDINGS =
            "SELECT goods_id, counts FROM purchase WHERE uid = %d AND goods_id IN (%s) ORDER BY goods_id FOR UPDATE";

    private static final Comparator<Pieces> LOCK_ORDER =
            Comparator.comparingLong(Pieces::giftId).thenComparingLong(Pieces::uid);

    private final DatabaseClient database;

    Stock(DatabaseClient database) {
        this.database = database;
    }

    /** Pieces of a gift that a buyer's order holds. */
    record Pieces(long giftId, long uid, int count) {

        static List<Pieces> heldBy(Order order) {
            return order.items().stream()
                    .filter(item -> item.counts() > item.returned())
                    .map(item -> new Pieces(item.goodsId(), order.uid(), item.counts() - item.returned()))
                    .toList();
        }
    }

    /** Puts pieces back on sale. */
    Mono<Void> giveBack(List<Pieces> pieces) {
        List<String> statements = stockUpdates(pieces, -1);
        pieces.stream()
                .sorted(LOCK_ORDER)
                .forEach(piece -> statements.add("UPDATE purchase SET counts = counts - " + piece.count()
                        + " WHERE goods_id = " + piece.giftId() + " AND uid = " + piece.uid()));
        return run(statements);
    }

    /**
     * Takes the pieces of an order whose pieces went back.
     *
     * @return whether all were there and the buyer may have them; else nothing is taken
     */
    Mono<Boolean> takeAgain(Order order) {
        List<Pieces> wanted = order.items().stream()
                .map(item -> new Pieces(item.goodsId(), order.uid(), item.counts()))
                .toList();
        String ids = ids(order.items());
        return database.sql(LOCK.formatted(ids))
                .map(Gift::read)
                .all()
                .collectMap(Gift::id)
                .zipWhen(gifts -> holdings(order.uid(), ids))
                .filter(read -> wanted.stream().allMatch(piece -> fits(piece, read.getT1(), read.getT2())))
                .flatMap(read -> take(wanted, read.getT1()).thenReturn(true))
                .defaultIfEmpty(false);
    }

    private static boolean fits(Pieces wanted, Map<Long, Gift> gifts, Map<Long, Long> holdings) {
        Gift gift = gifts.get(wanted.giftId());
        if (gift == null || gift.stock() < wanted.count()) {
            return false;
        }
        long has = holdings.getOrDefault(wanted.giftId(), 0L);
        return gift.limitPerUser() == null || has + wanted.count() <= gift.limitPerUser();
    }

    private Mono<Map<Long, Long>> holdings(long uid, String giftIds) {
        return database.sql(HOLDINGS.formatted(uid, giftIds))
                .map(row -> Map.entry(required(row, "goods_id", Long.class), required(row, "counts", Long.class)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** A buyer without a count gets one where the gift has a limit; and the limit of now is the one that was kept. */
    private Mono<Void> take(List<Pieces> pieces, Map<Long, Gift> gifts) {
        List<String> statements = stockUpdates(pieces, 1);
        pieces.stream().sorted(LOCK_ORDER).forEach(piece -> {
            Integer limit = Objects.requireNonNull(gifts.get(piece.giftId())).limitPerUser();
            if (limit != null) {
                statements.add("INSERT INTO purchase (goods_id, uid, counts, allowed) VALUES (" + piece.giftId() + ","
                        + piece.uid() + "," + piece.count() + "," + limit + ") ON DUPLICATE KEY UPDATE"
                        + " counts = counts + VALUES(counts), allowed = VALUES(allowed)");
            }
        });
        return run(statements);
    }

    /** @param sign 1 to take, -1 to give back */
    private static List<String> stockUpdates(List<Pieces> pieces, int sign) {
        Map<Long, Long> byGift = pieces.stream()
                .collect(Collectors.groupingBy(
                        Pieces::giftId, TreeMap::new, Collectors.summingLong(piece -> (long) sign * piece.count())));
        List<String> statements = new ArrayList<>();
        byGift.forEach((giftId, count) -> statements.add("UPDATE gift SET stock = stock - (" + count
                + "), sales = sales + (" + count + ") WHERE id = " + giftId));
        return statements;
    }

    private Mono<Void> run(List<String> statements) {
        return statements.isEmpty()
                ? Mono.empty()
                : database.inConnection(connection -> Flux.from(connection
                                .createStatement(String.join("; ", statements))
                                .execute())
                        .concatMap(result -> Mono.from(result.getRowsUpdated()))
                        .then());
    }

    private static String ids(List<OrderItem> items) {
        return items.stream().map(item -> Long.toString(item.goodsId())).collect(Collectors.joining(","));
    }
}
