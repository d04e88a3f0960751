package io.giftorders.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws rows as lines in an SVG picture: a line per series, a step per load. */
final class Chart {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 50;
    private static final int BOTTOM = 110;
    private static final int LINES = 5;
    private static final int LEGEND_LINE = 22;
    private static final double LETTER = 7.2;

    /** Told apart by the colour-blind as well (Okabe and Ito's palette). */
    private static final List<String> COLOURS =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000");

    private final StringBuilder svg = new StringBuilder();
    private final List<Row> rows;
    private final List<Integer> steps;
    private final ToDoubleFunction<Row> value;
    private final boolean logarithmic;
    private final double top;

    private Chart(List<Row> rows, ToDoubleFunction<Row> value, boolean logarithmic) {
        this.rows = rows;
        this.logarithmic = logarithmic;
        this.steps = rows.stream().map(Row::x).distinct().sorted().toList();
        this.value = value;
        double most = rows.stream().mapToDouble(value).max().orElse(1);
        this.top = logarithmic ? Math.pow(10, Math.max(1, Math.ceil(Math.log10(most)))) : roundedUp(most);
    }

    /** An SVG document. */
    static String svg(String title, String loads, List<Row> rows, ToDoubleFunction<Row> value) {
        return new Chart(rows, value, false).draw(title, loads);
    }

    /** The same on a logarithmic scale, from 1: for values of which some are a hundred times others. */
    static String logarithmic(String title, String loads, List<Row> rows, ToDoubleFunction<Row> value) {
        return new Chart(rows, value, true).draw(title, loads);
    }

    private String draw(String title, String loads) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\""
                        + " font-family=\"system-ui, sans-serif\" font-size=\"13\">",
                WIDTH, HEIGHT, title);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
        text(LEFT, 26, "start", title, " font-size=\"16\" font-weight=\"600\"");
        scale();
        for (int step = 0; step < steps.size(); step++) {
            text(x(step), HEIGHT - BOTTOM + 20, "middle", String.format(Locale.ROOT, "%,d", steps.get(step)), "");
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 40, "middle", loads, "");
        series();
        return svg.append("</svg>\n").toString();
    }

    private void scale() {
        for (double at : lines()) {
            add(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                    LEFT, WIDTH - RIGHT, y(at), y(at));
            text(LEFT - 8, y(at) + 4, "end", String.format(Locale.ROOT, top < 10 ? "%.1f" : "%,.0f", at), "");
        }
    }

    private List<Double> lines() {
        return logarithmic
                ? Stream.iterate(1.0, line -> line <= top, line -> line * 10).toList()
                : IntStream.rangeClosed(0, LINES)
                        .mapToObj(line -> top * line / LINES)
                        .toList();
    }

    private void series() {
        Map<String, List<Row>> all = new LinkedHashMap<>();
        rows.forEach(row ->
                all.computeIfAbsent(row.series(), name -> new ArrayList<>()).add(row));
        double legend = LEFT;
        int legendY = HEIGHT - 48;
        int colour = 0;
        for (Map.Entry<String, List<Row>> one : all.entrySet()) {
            String paint = COLOURS.get(colour++ % COLOURS.size());
            StringBuilder points = new StringBuilder();
            for (Row row : one.getValue()) {
                double x = x(steps.indexOf(row.x()));
                double y = y(value.applyAsDouble(row));
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
                add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>", x, y, paint);
            }
            add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", points, paint);
            double width = 34 + LETTER * one.getKey().length();
            if (legend + width > WIDTH) {
                legend = LEFT;
                legendY += LEGEND_LINE;
            }
            add("<rect x=\"%.1f\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>", legend, legendY, paint);
            text(legend + 18, legendY + 11, "start", one.getKey(), "");
            legend += width;
        }
    }

    private double x(int step) {
        double width = WIDTH - LEFT - RIGHT;
        return steps.size() == 1 ? LEFT + width / 2 : LEFT + 30 + step * (width - 60) / (steps.size() - 1);
    }

    private double y(double of) {
        double share = logarithmic ? Math.log10(Math.max(1, of)) / Math.log10(top) : of / top;
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private static double roundedUp(double most) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(most, 1e-3))));
        for (double step : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 7.5}) {
            if (most <= step * unit) {
                return step * unit;
            }
        }
        return 10 * unit;
    }

    private void text(double x, double y, String anchor, String words, String style) {
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222\"%s>%s</text>", x, y, anchor, style, words);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
