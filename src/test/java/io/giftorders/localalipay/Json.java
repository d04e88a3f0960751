package io.giftorders.localalipay;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as Alipay writes it: on one line, and nothing escaped that need not be. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    static JsonNode read(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw Declined.missing("isv.missing-biz-content", "缺少业务参数");
        }
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException unreadable) {
            throw Declined.invalid("isv.invalid-parameter", "业务参数不是JSON");
        }
    }
}
