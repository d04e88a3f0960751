package io.giftorders.order;

import io.giftorders.gift.PurchaseCounts;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Counts what each buyer has of a gift from the items sold. */
@Component
class OrderPurchaseCounts implements PurchaseCounts {

    /**
     * Reads every item there is: a limit set before the first sale costs nothing, later it takes a scan. Who has more than
     * the limit by then has it rightly.
     */
    private static final String START = """
            INSERT INTO purchase (goods_id, uid, counts, allowed)
            SELECT i.goods_id, i.uid, SUM(i.counts - i.returned),
                   GREATEST(SUM(i.counts - i.returned), MAX(g.limit_per_user))
              FROM order_item i JOIN gift g ON g.id = i.goods_id
             WHERE i.goods_id = :giftId GROUP BY i.goods_id, i.uid
            """;

    private static final String STOP = "DELETE FROM purchase WHERE goods_id = :giftId";

    private final DatabaseClient database;

    OrderPurchaseCounts(DatabaseClient database) {
        this.database = database;
    }

    @Override
    public Mono<Void> start(long giftId) {
        return database.sql(START).bind("giftId", giftId).then();
    }

    @Override
    public Mono<Void> stop(long giftId) {
        return database.sql(STOP).bind("giftId", giftId).then();
    }
}
