package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.gift.Gift;
import io.giftorders.shop.Shop;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The statement that takes the stock, on a real server. */
class StockUpdateTests {

    private static Shop shop;

    private long tea;
    private long fan;
    private long lamp;
    private List<Taking> takings;

    @BeforeAll
    static void open() {
        shop = Shop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @BeforeEach
    void putOnSale() {
        tea = shop.gift(10);
        fan = shop.gift(10);
        lamp = shop.gift(10);
        takings = List.of(new Taking(gift(tea), 3), new Taking(gift(fan), 10), new Taking(gift(lamp), 1));
    }

    @ParameterizedTest
    @EnumSource
    void everyGiftIsTakenFrom(StockUpdate mode) {
        assertThat(take(mode)).isEqualTo(3);

        assertThat(List.of(shop.stock(tea), shop.stock(fan), shop.stock(lamp))).containsExactly(7L, 0L, 9L);
        assertThat(List.of(shop.sales(tea), shop.sales(fan), shop.sales(lamp))).containsExactly(3L, 10L, 1L);
    }

    @ParameterizedTest
    @EnumSource
    void aGiftOfWhichTooLittleIsLeftIsNotHit(StockUpdate mode) {
        shop.sql("UPDATE gift SET stock = 9, sales = 1 WHERE id = " + fan);

        assertThat(take(mode)).isEqualTo(2);
        assertThat(shop.stock(fan)).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource
    void aGiftUnderNewTermsIsNotHit(StockUpdate mode) {
        shop.sql("UPDATE gift SET terms = terms + 1 WHERE id = " + lamp);

        assertThat(take(mode)).isEqualTo(2);
        assertThat(shop.stock(lamp)).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void whoTookInBetweenIsInTheWayOfOneModeAlone(StockUpdate mode) {
        shop.sql("UPDATE gift SET stock = 9, sales = 1 WHERE id = " + tea);

        assertThat(take(mode)).isEqualTo(mode == StockUpdate.UNCHANGED ? 2 : 3);
    }

    /** In any other order two transactions could wait for each other. */
    @ParameterizedTest
    @EnumSource
    void theRowsAreLockedInTheOrderOfTheTakings(StockUpdate mode) {
        List<String> tables = shop.database()
                .sql("EXPLAIN " + mode.statement(takings))
                .map(row -> row.get("table", String.class) + " by " + row.get("key", String.class))
                .all()
                .collectList()
                .block();

        assertThat(tables).containsExactly("taken by null", "gift by PRIMARY");
    }

    /** As many as the largest batch of the largest carts can have. */
    @Test
    void thousandsOfGiftsAreTakenInOneStatement() {
        try (Shop large = Shop.open()) {
            large.sql("INSERT INTO gift (name, price, stock, supplied) WITH RECURSIVE n (i) AS"
                    + " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
                    + " SELECT 'Kite', 1.00, 5, 5 FROM n a JOIN n b");
            List<Taking> all = large.database()
                    .sql("SELECT " + Gift.COLUMNS + " FROM gift ORDER BY id LIMIT 20000")
                    .map(Gift::read)
                    .all()
                    .map(gift -> new Taking(gift, 2))
                    .collectList()
                    .block();

            assertThat(large.database()
                            .sql(StockUpdate.AT_LEAST.statement(all))
                            .fetch()
                            .rowsUpdated()
                            .block())
                    .isEqualTo(20_000);
            assertThat(large.number("SELECT COUNT(*) FROM gift WHERE stock = 3 AND sales = 2"))
                    .isEqualTo(20_000);
        }
    }

    /** Rows hit. */
    private long take(StockUpdate mode) {
        return shop.database()
                .sql(mode.statement(takings))
                .fetch()
                .rowsUpdated()
                .block();
    }

    private static Gift gift(long id) {
        return shop.database()
                .sql("SELECT " + Gift.COLUMNS + " FROM gift WHERE id = " + id)
                .map(Gift::read)
                .one()
                .block();
    }
}
