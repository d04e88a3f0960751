package io.giftorders.localalipay;

import java.util.Map;
import java.util.TreeMap;

/** What Alipay answers instead of doing what it was asked. */
public final class Declined extends IllegalStateException {

    private final Kind kind;
    private final String subCode;
    private final String reason;
    private final transient Map<String, String> fields;

    private Declined(Kind kind, String subCode, String reason, Map<String, String> fields) {
        super(subCode + ": " + reason);
        this.kind = kind;
        this.subCode = subCode;
        this.reason = reason;
        this.fields = fields;
    }

    /** The trade's rules forbid it; a signed answer. */
    static Declined business(String subCode, String reason) {
        return new Declined(Kind.BUSINESS, subCode, reason, Map.of());
    }

    /** Something is missing in the request; as everything that the gateway itself answers, not signed. */
    static Declined missing(String subCode, String reason) {
        return new Declined(Kind.MISSING, subCode, reason, Map.of());
    }

    static Declined invalid(String subCode, String reason) {
        return new Declined(Kind.INVALID, subCode, reason, Map.of());
    }

    static Declined tooOften() {
        return new Declined(Kind.TOO_OFTEN, "isv.app-call-limited", "应用调用次数超限", Map.of());
    }

    static Declined unknown() {
        return new Declined(Kind.UNKNOWN, "aop.unknow-error", "系统繁忙", Map.of());
    }

    /** Names the trade it is about. */
    Declined about(Map<String, String> names) {
        return new Declined(kind, subCode, reason, new TreeMap<>(names));
    }

    Kind kind() {
        return kind;
    }

    /** Alipay's name for the reason, such as {@code ACQ.TRADE_HAS_SUCCESS}. */
    public String subCode() {
        return subCode;
    }

    String reason() {
        return reason;
    }

    Map<String, String> fields() {
        return fields;
    }

    enum Kind {
        UNKNOWN("20000", "Service Currently Unavailable", true),
        MISSING("40001", "Missing Required Arguments", false),
        INVALID("40002", "Invalid Arguments", false),
        BUSINESS("40004", "Business Failed", true),
        TOO_OFTEN("40005", "Call Limited", false);

        private final String code;
        private final String message;
        private final boolean signed;

        Kind(String code, String message, boolean signed) {
            this.code = code;
            this.message = message;
            this.signed = signed;
        }

        String code() {
            return code;
        }

        String message() {
            return message;
        }

        boolean signed() {
            return signed;
        }
    }
}
