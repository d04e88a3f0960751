package io.giftorders.gift;

import static io.giftorders.database.Columns.required;
import static io.giftorders.database.Columns.time;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A gift on sale.
 *
 * @param price of one piece, yuan with two places; a string in JSON, so that no client rounds it
 * @param stock pieces left
 * @param sales pieces sold
 * @param saleStartsAt first moment of the sale, or null: on sale since ever
 * @param saleEndsAt first moment after the sale, or null: on sale without end
 * @param limitPerUser pieces one buyer may have at the most, or null: no limit
 * @param terms goes up with every change an operator makes
 */
public record Gift(
        long id,
        String name,
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal price,
        long stock,
        long sales,
        @Nullable Instant saleStartsAt,
        @Nullable Instant saleEndsAt,
        @Nullable Integer limitPerUser,
        @JsonIgnore int terms) {

    /** The columns {@link #read} needs. */
    public static final String COLUMNS =
            "id, name, price, stock, sales, sale_starts_at, sale_ends_at, limit_per_user, terms";

    /** Reads a row with {@link #COLUMNS}. */
    public static Gift read(Readable row) {
        return new Gift(
                required(row, "id", Long.class),
                required(row, "name", String.class),
                required(row, "price", BigDecimal.class),
                required(row, "stock", Long.class),
                required(row, "sales", Long.class),
                time(row, "sale_starts_at"),
                time(row, "sale_ends_at"),
                row.get("limit_per_user", Integer.class),
                required(row, "terms", Integer.class));
    }
}
