package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import org.junit.jupiter.api.Test;

class PoolTests {

    /** The other pool is the primary one, which wins over a parameter's name. */
    @Test
    void ordersArePlacedOnConnectionsThatReadersCannotTake() {
        try (Shop shop = Shop.open()) {
            long gift = shop.gift(1);

            assertThat(shop.order(1, "{\"" + gift + "\": 1}").block().status()).isEqualTo(201);

            assertThat(shop.metric("r2dbc.pool.allocated", "name", "placementConnections"))
                    .isEqualTo(1);
        }
    }
}
