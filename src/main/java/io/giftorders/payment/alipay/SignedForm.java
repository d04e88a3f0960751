package io.giftorders.payment.alipay;

import io.giftorders.problem.Detail;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a notify or a return, exactly as they came, in the charset they name themselves. What could be read in
 * two ways is refused, because a signature covers only one of them.
 */
final class SignedForm {

    /** Largest form, in bytes. Chosen: a notify with all its fields is 3 KB. */
    static final int MAX_BYTES = 32 * 1024;

    /** Chosen: Alipay sends about 30. */
    static final int MAX_PARAMETERS = 100;

    /** What notifies are reported to come in. */
    private static final Map<String, Charset> CHARSETS = Map.of(
            "UTF-8", StandardCharsets.UTF_8,
            "GBK", Charset.forName("GBK"),
            "GB2312", Charset.forName("GB2312"),
            "GB18030", Charset.forName("GB18030"));

    /**
     * Alipay signs {@code a=1&b=2} without any escapes. So a value with {@code &b=} in it has the same signature as two
     * parameters; a refund's notify could be made to look like a payment's by hiding the refund in the field before it.
     */
    private static final Pattern HIDDEN_PARAMETER = Pattern.compile("&[0-9A-Za-z_]+=");

    /** As all of Alipay's are. One with {@code =} and {@code &} in it would hide the parameter at its end as well. */
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_]+");

    private final Charset charset;
    private final Map<String, String> values;

    private SignedForm(Charset charset, Map<String, String> values) {
        this.charset = charset;
        this.values = values;
    }

    /** Reads a form or a query; throws {@link NotFromAlipay}. */
    static SignedForm read(byte[] form) {
        if (form.length > MAX_BYTES) {
            throw new NotFromAlipay(Detail.of("not-from-alipay.too-large"));
        }
        Map<String, byte[]> raw = split(form);
        Charset charset = charset(raw.get("charset"));
        Map<String, String> values = new HashMap<>();
        raw.forEach((name, value) -> {
            String text = decode(value, charset);
            if (HIDDEN_PARAMETER.matcher(text).find()) {
                throw new NotFromAlipay(Detail.of("not-from-alipay.hidden-parameter"));
            }
            if (!text.isBlank()) { // blank ones are not signed, so anybody could have added them
                values.put(name, text);
            }
        });
        return new SignedForm(charset, values);
    }

    Charset charset() {
        return charset;
    }

    /** For the SDK's checks, which take their own out of the map. */
    Map<String, String> copy() {
        return new HashMap<>(values);
    }

    /** A parameter that was signed, or null. */
    @Nullable
    String get(String name) {
        return values.get(name);
    }

    /** A parameter that every notify and return has; throws {@link NotFromAlipay}. */
    String require(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new NotFromAlipay(Detail.of("not-from-alipay.missing", name));
        }
        return value;
    }

    private static Map<String, byte[]> split(byte[] form) {
        Map<String, byte[]> raw = new HashMap<>();
        for (byte[] pair : pairs(form)) {
            int equals = indexOf(pair, '=', 0);
            if (equals == pair.length) {
                throw notPairs();
            }
            String name = decode(unescape(pair, 0, equals), StandardCharsets.US_ASCII);
            if (!NAME.matcher(name).matches()) {
                throw notPairs();
            }
            if (raw.put(name, unescape(pair, equals + 1, pair.length)) != null) {
                throw new NotFromAlipay(Detail.of("not-from-alipay.twice"));
            }
        }
        return raw;
    }

    private static NotFromAlipay notPairs() {
        return new NotFromAlipay(Detail.of("not-from-alipay.not-pairs"));
    }

    private static List<byte[]> pairs(byte[] form) {
        List<byte[]> pairs = new ArrayList<>();
        for (int from = 0; from < form.length; ) {
            int end = indexOf(form, '&', from);
            pairs.add(Arrays.copyOfRange(form, from, end));
            from = end + 1;
        }
        if (pairs.size() > MAX_PARAMETERS) {
            throw new NotFromAlipay(Detail.of("not-from-alipay.too-many"));
        }
        return pairs;
    }

    /** Where the byte is, or the end. */
    private static int indexOf(byte[] bytes, char wanted, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static byte[] unescape(byte[] bytes, int from, int to) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(to - from);
        for (int at = from; at < to; at++) {
            if (bytes[at] == '%') {
                int high = at + 2 < to ? Character.digit(bytes[at + 1], 16) : -1;
                int low = at + 2 < to ? Character.digit(bytes[at + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    throw new NotFromAlipay(Detail.of("not-from-alipay.not-encoded"));
                }
                plain.write(high << 4 | low);
                at += 2;
            } else {
                plain.write(bytes[at] == '+' ? ' ' : bytes[at]);
            }
        }
        return plain.toByteArray();
    }

    private static Charset charset(byte @Nullable [] name) {
        String known =
                name == null ? "UTF-8" : decode(name, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
        Charset charset = CHARSETS.get(known);
        if (charset == null) {
            throw new NotFromAlipay(Detail.of("not-from-alipay.charset"));
        }
        return charset;
    }

    private static String decode(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException malformed) {
            throw new NotFromAlipay(Detail.of("not-from-alipay.malformed"));
        }
    }
}
