package io.giftorders.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with places for values, such as {@code Gift {0} has {1} left.} Numbers are written as they are, without groups. */
final class Template {

    private static final Pattern PLACE = Pattern.compile("\\{([0-9])}");

    private final String text;

    /** What stands around the places: one more than there are of them. */
    private final List<String> around;

    private final List<Integer> places;

    private Template(String text, List<String> around, List<Integer> places) {
        this.text = text;
        this.around = List.copyOf(around);
        this.places = List.copyOf(places);
    }

    static Template of(String text) {
        List<String> around = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int end = 0;
        while (place.find()) {
            around.add(text.substring(end, place.start()));
            places.add(Integer.parseInt(place.group(1)));
            end = place.end();
        }
        around.add(text.substring(end));
        return new Template(text, around, places);
    }

    String filled(Object[] values, Language language) {
        if (places.isEmpty()) {
            return text;
        }
        StringBuilder filled = new StringBuilder(around.get(0));
        for (int i = 0; i < places.size(); i++) {
            Object value = values[places.get(i)];
            filled.append(value instanceof Detail detail ? detail.in(language) : value)
                    .append(around.get(i + 1));
        }
        return filled.toString();
    }

    List<Integer> places() {
        return places;
    }

    @Override
    public String toString() {
        return text;
    }
}
