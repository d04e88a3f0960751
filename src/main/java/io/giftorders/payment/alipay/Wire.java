package io.giftorders.payment.alipay;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How Alipay writes amounts, numbers and times. */
final class Wire {

    /** Alipay's time, which all its dates and times are in. */
    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    /** Some times have thousandths: {@code gmt_refund} does. */
    private static final DateTimeFormatter WITH_FRACTION = new DateTimeFormatterBuilder()
            .append(SECONDS)
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter();

    private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z_]{1,64}");
    private static final Pattern YUAN = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,2})?");

    /** Quoted: parameter total_amount of alipay.trade.page.pay. */
    private static final BigDecimal MAX_YUAN = new BigDecimal("100000000");

    private Wire() {}

    static String amount(BigDecimal yuan) {
        return yuan.setScale(2).toPlainString();
    }

    /** The amount, or null for what is none: a sign, an exponent, a third decimal. */
    static @Nullable BigDecimal amount(@Nullable String text) {
        return text != null && YUAN.matcher(text).matches() ? new BigDecimal(text) : null;
    }

    static String time(Instant instant) {
        return SECONDS.format(instant.atZone(ZONE));
    }

    /** The time, or null for what is none: no time decides anything. */
    static @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return LocalDateTime.parse(text, WITH_FRACTION).atZone(ZONE).toInstant();
        } catch (DateTimeException malformed) {
            return null;
        }
    }

    /** Whether it may be the number of a trade, an order or a refund. */
    static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches();
    }

    /** A code as it may stand in a log. */
    static String named(@Nullable String code) {
        return code != null && code.matches("[0-9A-Za-z._-]{1,64}") ? code : "none";
    }

    static void requireNumber(String number) {
        if (!isNumber(number)) {
            throw new IllegalArgumentException("not 1 to 64 letters, digits and underscores: " + number);
        }
    }

    static void requireAmount(BigDecimal yuan) {
        boolean payable = yuan.signum() > 0
                && yuan.compareTo(MAX_YUAN) <= 0
                && yuan.stripTrailingZeros().scale() <= 2;
        if (!payable) {
            throw new IllegalArgumentException("not an amount Alipay moves: " + yuan);
        }
    }
}
