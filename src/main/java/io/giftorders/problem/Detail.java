package io.giftorders.problem;

/**
 * A sentence for a person, in every {@link Language}: a text of {@code problems_en.properties} and its like, with values in
 * its places. A value may be a sentence itself.
 */
public final class Detail {

    private final String key;
    private final Object[] values;

    private Detail(String key, Object[] values) {
        this.key = key;
        this.values = values;
    }

    /**
     * @param key of the text; a literal, so that a test finds those that have none
     * @param values for {@code {0}}, {@code {1}} and so on
     */
    public static Detail of(String key, Object... values) {
        return new Detail(key, values);
    }

    public String in(Language language) {
        return Texts.in(language).get(key).filled(values, language);
    }
}
