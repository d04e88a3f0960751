package io.giftorders.localalipay;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a seller asks a buyer to pay.
 *
 * @param expiresAt the latest moment to pay; null where the seller set none
 */
record PagePay(
        String outTradeNo,
        BigDecimal totalAmount,
        String subject,
        String body,
        String passbackParams,
        @Nullable Instant expiresAt,
        String charset,
        String notifyUrl,
        String returnUrl) {

    private static final Pattern OUT_TRADE_NO = Pattern.compile("[A-Za-z0-9_]{1,64}");
    private static final Pattern AMOUNT = Pattern.compile("\\d{1,9}(\\.\\d{1,2})?");
    private static final Pattern SUBJECT = Pattern.compile("[^/=&]{1,256}");
    private static final BigDecimal LEAST = new BigDecimal("0.01");
    private static final BigDecimal MOST = new BigDecimal("100000000");
    private static final Duration FARTHEST = Duration.ofDays(15);

    /** Fails with {@link Declined} for whatever Alipay's documents do not allow. */
    static PagePay of(Map<String, String> parameters, Instant now) {
        JsonNode content = Json.read(parameters.get("biz_content"));
        require("FAST_INSTANT_TRADE_PAY".equals(text(content, "product_code")), "product_code");
        require(OUT_TRADE_NO.matcher(text(content, "out_trade_no")).matches(), "out_trade_no");
        require(SUBJECT.matcher(text(content, "subject")).matches(), "subject");
        return new PagePay(
                text(content, "out_trade_no"),
                amount(text(content, "total_amount")),
                text(content, "subject"),
                text(content, "body"),
                text(content, "passback_params"),
                expiry(text(content, "time_expire"), now),
                parameters.getOrDefault("charset", "utf-8"),
                parameters.getOrDefault("notify_url", ""),
                parameters.getOrDefault("return_url", ""));
    }

    boolean sameGoods(PagePay other) {
        return totalAmount.compareTo(other.totalAmount) == 0 && subject.equals(other.subject);
    }

    boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    String amount() {
        return totalAmount.toPlainString();
    }

    private static BigDecimal amount(String text) {
        require(AMOUNT.matcher(text).matches(), "total_amount");
        BigDecimal amount = new BigDecimal(text);
        require(amount.compareTo(LEAST) >= 0 && amount.compareTo(MOST) <= 0, "total_amount");
        return amount.setScale(2);
    }

    /** Alipay wants at least a minute between now and then; tests have no minute. */
    private static @Nullable Instant expiry(String text, Instant now) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            Instant expiry = AlipayTime.read(text);
            require(expiry.isBefore(now.plus(FARTHEST)), "time_expire");
            return expiry;
        } catch (DateTimeException unreadable) {
            throw wrong("time_expire");
        }
    }

    private static String text(JsonNode content, String name) {
        return content.path(name).asString("");
    }

    private static void require(boolean right, String name) {
        if (!right) {
            throw wrong(name);
        }
    }

    private static Declined wrong(String name) {
        return Declined.business("ACQ.INVALID_PARAMETER", "参数无效: " + name);
    }
}
