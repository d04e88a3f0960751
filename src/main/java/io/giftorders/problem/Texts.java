package io.giftorders.problem;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the shop says in one language, by key. The files are read once, when {@link Problems} is made. */
final class Texts {

    private static final Map<Language, Texts> ALL = readAll();

    private final Map<String, Template> texts;

    private Texts(Map<String, Template> texts) {
        this.texts = texts;
    }

    static Texts in(Language language) {
        return Objects.requireNonNull(ALL.get(language));
    }

    Template get(String key) {
        Template text = texts.get(key);
        if (text == null) {
            throw new IllegalArgumentException("no text " + key);
        }
        return text;
    }

    /** Null where the language has none. */
    @Nullable
    String find(String key) {
        Template text = texts.get(key);
        return text == null ? null : text.toString();
    }

    Set<String> keys() {
        return texts.keySet();
    }

    private static Map<Language, Texts> readAll() {
        Map<Language, Texts> all = new EnumMap<>(Language.class);
        for (Language language : Language.values()) {
            all.put(language, read("/problems_" + language.tag() + ".properties"));
        }
        return all;
    }

    private static Texts read(String file) {
        Properties lines = new Properties();
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(Texts.class.getResourceAsStream(file), file), StandardCharsets.UTF_8)) {
            lines.load(reader);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Map<String, Template> texts = new HashMap<>();
        lines.stringPropertyNames().forEach(key -> texts.put(key, Template.of(lines.getProperty(key))));
        return new Texts(texts);
    }
}
