package io.giftorders.json;

import io.giftorders.problem.BodyTooLarge;
import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import io.giftorders.problem.NotJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON body of a request, before anything is made of it. */
public final class JsonBody {

    /** Largest body read, in bytes. Chosen: a cart of a hundred lines is 3 KB. */
    public static final int MAX_BYTES = 64 * 1024;

    /** Duplicate members are refused: which of two counts a buyer meant is not ours to guess. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private JsonBody() {}

    /**
     * The bytes of a JSON body.
     *
     * @return at least one byte; fails with 415 for another content type, 413 beyond {@link #MAX_BYTES}, 400 when empty
     */
    public static Mono<byte[]> bytes(ServerRequest request) {
        ServerRequest.Headers headers = request.headers();
        if (!isJson(headers)) {
            return Mono.error(NotJson::new);
        }
        if (headers.contentLength().orElse(0) > MAX_BYTES) {
            return Mono.error(BodyTooLarge::new);
        }
        return request.bodyToMono(byte[].class)
                .doOnNext(JsonBody::requireUtf8)
                .switchIfEmpty(Mono.error(JsonBody::notAnObject));
    }

    /** The body as a JSON object; fails as {@link #bytes} does, and with 400 for anything that is not one object. */
    public static Mono<ObjectNode> object(ServerRequest request) {
        return bytes(request).map(JsonBody::parse);
    }

    /** 400: the body is JSON, but no object. */
    public static InvalidRequest notAnObject() {
        return new InvalidRequest("body", Detail.of("invalid-request.not-an-object"));
    }

    /** 400 with the place where the body stops being JSON; never with its text. */
    public static InvalidRequest notJson(JacksonException failure) {
        Object place = failure.getLocation() == null
                ? ""
                : Detail.of(
                        "invalid-request.place",
                        failure.getLocation().getLineNr(),
                        failure.getLocation().getColumnNr());
        boolean duplicate = failure instanceof StreamReadException
                && String.valueOf(failure.getOriginalMessage()).startsWith("Duplicate");
        return new InvalidRequest(
                "body",
                duplicate
                        ? Detail.of("invalid-request.member-twice", place)
                        : Detail.of("invalid-request.not-json", place));
    }

    private static boolean isJson(ServerRequest.Headers headers) {
        try {
            return headers.contentType()
                    .filter(MediaType.APPLICATION_JSON::isCompatibleWith)
                    .isPresent();
        } catch (InvalidMediaTypeException noType) {
            return false;
        }
    }

    /** RFC 8259, section 8.1. The parser would guess other encodings, and reads a digit in an overlong form as a digit. */
    private static void requireUtf8(byte[] body) {
        boolean ascii = true;
        for (byte one : body) {
            if (one == 0) {
                throw notUtf8();
            }
            ascii &= one > 0;
        }
        if (!ascii) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            } catch (CharacterCodingException malformed) {
                throw notUtf8();
            }
        }
    }

    private static InvalidRequest notUtf8() {
        return new InvalidRequest("body", Detail.of("invalid-request.not-utf-8"));
    }

    private static ObjectNode parse(byte[] body) {
        try {
            JsonNode tree = STRICT.readTree(body);
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException failure) {
            throw notJson(failure);
        }
        throw notAnObject();
    }
}
