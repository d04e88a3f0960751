package io.giftorders.payment;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Money that is paid back, or to be.
 *
 * @param outRequestNo our number for it, the same in every repetition
 * @param amount yuan
 * @param items pieces by gift that it is for, or null: everything that was left
 * @param attempts how often it was sent
 * @param confirmedAt when Alipay confirmed it, or null: not yet
 */
record Refund(
        String outRequestNo,
        String tradeNo,
        @JsonIgnore long orderCode,
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount,
        Cause cause,
        @JsonIgnore @Nullable String items,
        @JsonIgnore int attempts,
        Instant createdAt,
        @Nullable Instant confirmedAt) {

    /** Why money is paid back. */
    enum Cause {
        OPERATOR(1),
        /** Paid after the order closed, and its pieces were gone. */
        LATE(2),
        /** Paid once more than once. */
        DOUBLE(3);

        private final int code;

        Cause(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Cause of(int code) {
            return Arrays.stream(values())
                    .filter(cause -> cause.code == code)
                    .findAny()
                    .orElseThrow(() -> new IllegalStateException("unknown refund cause " + code));
        }

        @JsonValue
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
