package io.giftorders.gift;

import static io.giftorders.database.Columns.required;

import io.r2dbc.spi.Readable;

/** What tells one state of a gift from another: every change of a gift is one of these. */
record Version(long id, long stock, long sales, int terms) {

    static Version of(Gift gift) {
        return new Version(gift.id(), gift.stock(), gift.sales(), gift.terms());
    }

    static Version read(Readable row) {
        return new Version(
                required(row, "id", Long.class),
                required(row, "stock", Long.class),
                required(row, "sales", Long.class),
                required(row, "terms", Integer.class));
    }
}
