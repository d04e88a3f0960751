package io.giftorders.database;

import io.r2dbc.spi.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads columns as this schema writes them, and times as it reads them. */
public final class Columns {

    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("''yyyy-MM-dd HH:mm:ss.SSSSSS''").withZone(ZoneOffset.UTC);

    private Columns() {}

    /** The value of a NOT NULL column. */
    public static <T> T required(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }

    /** A DATETIME, which is UTC in every table; null where it is not set. */
    public static @Nullable Instant time(Readable row, String column) {
        LocalDateTime utc = row.get(column, LocalDateTime.class);
        return utc == null ? null : utc.toInstant(ZoneOffset.UTC);
    }

    /** A time to bind to a DATETIME. */
    public static LocalDateTime utc(Instant time) {
        return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    /** A time as SQL text, to the microsecond. */
    public static String text(Instant time) {
        return TEXT.format(time);
    }

    /** A text as an SQL literal, in hexadecimal digits: whatever it says, it cannot end the literal. */
    public static String text(String ascii) {
        return "x'" + HexFormat.of().formatHex(ascii.getBytes(StandardCharsets.US_ASCII)) + "'";
    }

    /** A DATETIME that is NOT NULL. */
    public static Instant requiredTime(Readable row, String column) {
        return required(row, column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
}
