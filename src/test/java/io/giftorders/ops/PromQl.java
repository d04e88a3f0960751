package io.giftorders.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a PromQL expression reads: its selectors, and the labels it groups by. It knows as much of the language as that takes;
 * what it cannot read it refuses.
 */
final class PromQl {

    /**
     * A metric that is read.
     *
     * @param labels what is asked of its labels
     */
    record Selector(String metric, List<Condition> labels) {}

    /**
     * @param operator {@code =}, {@code !=}, {@code =~} or {@code !~}
     */
    record Condition(String label, String operator, String value) {

        /** The values of which one must be there; a regular expression with more than alternatives has none. */
        List<String> wanted() {
            boolean wants = operator.equals("=") || operator.equals("=~");
            boolean plain = operator.equals("=") || !REGULAR.matcher(value).find();
            return wants && plain ? List.of(value.split("\\|", -1)) : List.of();
        }
    }

    private static final Pattern REGULAR = Pattern.compile("[.*+?\\[\\](){}\\\\^$]");

    private static final Pattern TOKEN = Pattern.compile("""
            (?<space>\\s+)\
            |(?<text>"(?:[^"\\\\]|\\\\.)*"|'[^']*')\
            |(?<range>\\[[0-9a-z:]+])\
            |(?<number>[0-9]+(?:\\.[0-9]+)?[a-z]*)\
            |(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\
            |(?<sign>=~|!~|!=|==|>=|<=|[-+*/%^<>=(){},])""");

    /** Words before a list of labels. */
    private static final Set<String> GROUPING = Set.of("by", "without", "on", "ignoring", "group_left", "group_right");

    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    private final List<String> tokens;
    private final List<Selector> selectors = new ArrayList<>();
    private final Set<String> grouping = new TreeSet<>();
    private int next;

    private PromQl(List<String> tokens) {
        this.tokens = tokens;
    }

    static PromQl read(String expression) {
        PromQl query = new PromQl(split(expression));
        while (query.next < query.tokens.size()) {
            query.readOne();
        }
        return query;
    }

    List<Selector> selectors() {
        return selectors;
    }

    /** The labels after {@code by}, {@code on} and their like. */
    Set<String> grouping() {
        return grouping;
    }

    private static List<String> split(String expression) {
        List<String> tokens = new ArrayList<>();
        Matcher token = TOKEN.matcher(expression);
        int at = 0;
        while (at < expression.length()) {
            if (!token.region(at, expression.length()).lookingAt()) {
                throw new IllegalArgumentException("cannot read from " + expression.substring(at));
            }
            if (token.group("space") == null) {
                tokens.add(token.group());
            }
            at = token.end();
        }
        return tokens;
    }

    private void readOne() {
        String token = tokens.get(next++);
        if (!isName(token) || WORDS.contains(token)) {
            return;
        }
        if (GROUPING.contains(token)) {
            readLabels();
        } else if (sees("{")) {
            selectors.add(new Selector(token, readConditions()));
        } else if (!sees("(") && !isAggregation()) {
            selectors.add(new Selector(token, List.of()));
        }
    }

    /** As in {@code sum by (le) (…)}. */
    private boolean isAggregation() {
        return next < tokens.size() && Set.of("by", "without").contains(tokens.get(next));
    }

    private void readLabels() {
        take("(");
        while (!sees(")")) {
            String label = tokens.get(next++);
            if (!label.equals(",")) {
                grouping.add(label);
            }
        }
        take(")");
    }

    private List<Condition> readConditions() {
        List<Condition> conditions = new ArrayList<>();
        take("{");
        while (!sees("}")) {
            if (sees(",")) {
                next++;
            } else {
                conditions.add(new Condition(tokens.get(next), tokens.get(next + 1), unquoted(tokens.get(next + 2))));
                next += 3;
            }
        }
        take("}");
        return conditions;
    }

    private boolean sees(String token) {
        return next < tokens.size() && tokens.get(next).equals(token);
    }

    private void take(String token) {
        if (!sees(token)) {
            throw new IllegalArgumentException("no " + token + " at " + tokens.subList(next, tokens.size()));
        }
        next++;
    }

    private static boolean isName(String token) {
        return Character.isLetter(token.charAt(0)) || token.charAt(0) == '_' || token.charAt(0) == ':';
    }

    private static String unquoted(String text) {
        return text.substring(1, text.length() - 1);
    }
}
