package io.giftorders.localalipay;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Times as Alipay writes them: Chinese time, to the second, without an offset. */
final class AlipayTime {

    static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private AlipayTime() {}

    static String write(Instant time) {
        return FORMAT.format(time.atZone(ZONE));
    }

    /** Throws {@link java.time.format.DateTimeParseException} for anything else. */
    static Instant read(String text) {
        return LocalDateTime.parse(text, FORMAT).atZone(ZONE).toInstant();
    }
}
