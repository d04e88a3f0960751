package io.giftorders.payment.alipay;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer of Alipay's gateway whose signature the SDK has verified, read again from its text. The SDK verifies the object
 * of the right name but reads the first one it comes across, and lets failures without a signature pass. So exactly this
 * is accepted: the named object first, then its signature, nothing else.
 */
final class Answer {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode node;

    private Answer(JsonNode node) {
        this.node = node;
    }

    /**
     * Reads an answer that the SDK has verified.
     *
     * @param method such as {@code alipay.trade.query}
     * @param certificates whether the SDK verifies only what has a certificate's serial number
     * @throws UnexpectedAnswer where anything but what the signature covers could be read from it
     */
    static Answer of(@Nullable String body, String method, boolean certificates) throws UnexpectedAnswer {
        String name = method.replace('.', '_') + "_response";
        if (body == null || !body.startsWith("{\"" + name + "\":{") || body.lastIndexOf(name) != 2) {
            throw new UnexpectedAnswer("not an answer to this call");
        }
        JsonNode root = parse(body);
        Set<String> rest = certificates || root.has("alipay_cert_sn")
                ? Set.of(name, "sign", "alipay_cert_sn")
                : Set.of(name, "sign");
        if (!Set.copyOf(root.propertyNames()).equals(rest)) {
            throw new UnexpectedAnswer(
                    root.has("sign")
                            ? "more than was signed"
                            : "not signed, says " + Wire.named(subCodeOf(root.path(name))));
        }
        for (String member : rest) {
            boolean asItShould = member.equals(name) ? root.path(member).isObject() : isText(root.path(member));
            if (!asItShould) {
                throw new UnexpectedAnswer("not signed");
            }
        }
        return new Answer(root.path(name));
    }

    /** For the log only: nobody has signed it. It is all that an operator with a wrong key gets to see. */
    private static @Nullable String subCodeOf(JsonNode node) {
        return isText(node.path("sub_code")) ? node.path("sub_code").stringValue() : null;
    }

    /** Whether Alipay did what it was asked to. */
    boolean succeeded() {
        return "10000".equals(code());
    }

    /** Whether Alipay declined for a reason of its business, which {@link #subCode} gives. */
    boolean declined() {
        return "40004".equals(code()) && subCode() != null;
    }

    String code() {
        return String.valueOf(text("code"));
    }

    /** The reason, whose prefix differs between Alipay's documents: compare by {@link #because}. */
    @Nullable
    String subCode() {
        return text("sub_code");
    }

    /** Whether the reason is one of these, whatever its prefix. */
    boolean because(String... reasons) {
        String subCode = subCode();
        if (subCode == null) {
            return false;
        }
        String reason = subCode.substring(subCode.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
        return Set.of(reasons).contains(reason);
    }

    /** A member's text, or null where it is missing, blank or no text. */
    @Nullable
    String text(String member) {
        JsonNode value = node.path(member);
        return isText(value) ? value.stringValue() : null;
    }

    @Nullable
    BigDecimal amount(String member) {
        return Wire.amount(text(member));
    }

    private static JsonNode parse(String body) throws UnexpectedAnswer {
        try {
            return STRICT.readTree(body);
        } catch (JacksonException malformed) {
            throw new UnexpectedAnswer("not JSON");
        }
    }

    private static boolean isText(JsonNode value) {
        return value.isString() && !value.stringValue().isBlank();
    }
}
