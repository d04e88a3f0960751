package io.giftorders.localalipay;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Names and values as they travel: form encoded, and in a line to be signed. */
final class Parameters {

    private static final Set<String> CHARSETS = Set.of("utf-8", "gbk", "gb2312", "gb18030");

    private Parameters() {}

    /** The charset that the parameters name, UTF-8 if they name none. */
    static Charset charset(Map<String, String> parameters) {
        String name = parameters.getOrDefault("charset", "utf-8");
        if (!CHARSETS.contains(name.toLowerCase(Locale.ROOT))) {
            throw Declined.invalid("isv.invalid-charset", "字符集错误");
        }
        return Charset.forName(name);
    }

    /** Reads a query or a form in the charset that it names itself. */
    static Map<String, String> read(String raw) {
        return read(raw, charset(read(raw, StandardCharsets.ISO_8859_1)));
    }

    static Map<String, String> read(String raw, Charset charset) {
        Map<String, String> parameters = new TreeMap<>();
        StringTokenizer pairs = new StringTokenizer(raw, "&");
        while (pairs.hasMoreTokens()) {
            String pair = pairs.nextToken();
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            add(parameters, URLDecoder.decode(name, charset), URLDecoder.decode(value, charset));
        }
        return parameters;
    }

    /** A name that comes twice is no request of an honest client. */
    static void add(Map<String, String> parameters, String name, String value) {
        if (parameters.putIfAbsent(name, value) != null) {
            throw Declined.invalid("isv.suspected-attack", "参数重复: " + name);
        }
    }

    static String form(Map<String, String> parameters) {
        Charset charset = charset(parameters);
        return parameters.entrySet().stream()
                .map(one -> URLEncoder.encode(one.getKey(), charset) + "=" + URLEncoder.encode(one.getValue(), charset))
                .collect(Collectors.joining("&"));
    }

    /** All that is not blank, sorted by name, with the values as they are. */
    static String line(Map<String, String> parameters, Set<String> excluded) {
        return new TreeMap<>(parameters)
                .entrySet().stream()
                        .filter(one ->
                                !one.getKey().isBlank() && !one.getValue().isBlank())
                        .filter(one -> !excluded.contains(one.getKey()))
                        .map(one -> one.getKey() + "=" + one.getValue())
                        .collect(Collectors.joining("&"));
    }
}
