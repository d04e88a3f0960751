package io.giftorders.problem;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** The languages of what the shop says to people. */
public enum Language {
    /** Wherever no other is asked for. */
    ENGLISH("en"),
    /** In simplified characters. */
    CHINESE("zh");

    /** Characters. Chosen: browsers send some fifty; what is longer need not be remembered. */
    private static final int LONGEST_HEADER = 200;

    private static final List<String> TAGS =
            Arrays.stream(values()).map(Language::tag).toList();

    /** In a sale most answers are refusals, and reading a header's ranges costs as much as the rest of one. */
    private static final Cache<String, Language> REMEMBERED =
            Caffeine.newBuilder().maximumSize(1_000).build();

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    /** For {@code Content-Language} (RFC 5646). */
    public String tag() {
        return tag;
    }

    /** The language that a request's {@code Accept-Language} asks for, by RFC 4647's lookup; else English. */
    public static Language of(HttpHeaders request) {
        @Nullable List<String> lines = request.get(HttpHeaders.ACCEPT_LANGUAGE);
        if (lines == null || lines.isEmpty()) {
            return ENGLISH;
        }
        String ranges = lines.size() == 1 ? lines.get(0) : String.join(",", lines);
        if (ranges.length() > LONGEST_HEADER) {
            return ENGLISH;
        }
        @Nullable Language known = REMEMBERED.getIfPresent(ranges);
        if (known == null) {
            known = lookUp(ranges);
            REMEMBERED.put(ranges, known);
        }
        return known;
    }

    private static Language lookUp(String ranges) {
        try {
            @Nullable String tag = Locale.lookupTag(Locale.LanguageRange.parse(ranges), TAGS);
            return CHINESE.tag.equals(tag) ? CHINESE : ENGLISH;
        } catch (IllegalArgumentException noRanges) {
            return ENGLISH;
        }
    }

    /** Says of an answer which language it is in, and that it depends on the one asked for. */
    public void describe(HttpHeaders answer) {
        answer.set(HttpHeaders.CONTENT_LANGUAGE, tag);
        answer.set(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE);
    }
}
