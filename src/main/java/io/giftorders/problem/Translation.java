package io.giftorders.problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.http.ProblemDetail;

/**
 * Problems in Chinese, for clients whose {@code Accept-Language} prefers it to English. Only {@code title} and
 * {@code detail} change, which are for people; programs go by the type and the facts.
 */
public final class Translation {

    /** For {@code Content-Language}. */
    public static final String LANGUAGE = "zh";

    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.CHINESE);

    private static final Pattern FACT = Pattern.compile("\\{(\\w+)}");

    /** {@code <kind>.title} and {@code <kind>.detail}, with facts in braces; {@code {detail}} is the English one. */
    private static final Properties TEXTS = load();

    private Translation() {}

    /** @param acceptLanguage the header's value, or null; what is not one counts as English */
    public static boolean isWanted(@Nullable String acceptLanguage) {
        if (acceptLanguage == null || !acceptLanguage.contains(LANGUAGE)) {
            return false;
        }
        try {
            Locale best = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), LANGUAGES);
            return Locale.CHINESE.equals(best);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** A copy in Chinese. The original may be answered to others. */
    public static ProblemDetail of(ProblemDetail problem) {
        ProblemDetail translated = ProblemDetail.forStatus(problem.getStatus());
        translated.setType(problem.getType());
        translated.setInstance(problem.getInstance());
        if (problem.getProperties() != null) {
            problem.getProperties().forEach(translated::setProperty);
        }
        String kind = String.valueOf(problem.getType()).replace("/problems/", "");
        translated.setTitle(TEXTS.getProperty(kind + ".title", problem.getTitle()));
        translated.setDetail(text(TEXTS.getProperty(kind + ".detail"), problem));
        return translated;
    }

    private static @Nullable String text(@Nullable String template, ProblemDetail problem) {
        if (template == null) {
            return problem.getDetail();
        }
        Map<String, Object> facts = problem.getProperties() == null ? Map.of() : problem.getProperties();
        return FACT.matcher(template).replaceAll(match -> {
            Object fact = match.group(1).equals("detail") ? problem.getDetail() : facts.get(match.group(1));
            return Matcher.quoteReplacement(String.valueOf(fact));
        });
    }

    private static Properties load() {
        try {
            return PropertiesLoaderUtils.loadProperties(
                    new EncodedResource(new ClassPathResource("problems_zh.properties"), StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
