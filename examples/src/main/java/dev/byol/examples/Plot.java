package dev.byol.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A figure as one would print it: title, axes with units, a legend. A whole SVG file that needs nothing beside it; its colours
 * follow the reader's light or dark theme.
 *
 * @param title above the plot
 * @param xLabel under the horizontal axis
 * @param yLabel beside the vertical axis
 * @param logarithmic whether the vertical axis is; values at or below 0 are left out then
 * @param series drawn in their order; the first four have colours of their own
 */
record Plot(String title, String xLabel, String yLabel, boolean logarithmic, List<Series> series) {
    private static final double WIDTH = 640;
    private static final double HEIGHT = 400;
    private static final double LEFT = 72;
    private static final double RIGHT = 16;
    private static final double TOP = 44;
    private static final double BOTTOM = 54;
    private static final double LINE = 18;
    private static final int TICKS = 5;
    private static final String[] DASHES = {"", "7 4", "2 4", "9 3 2 3"};

    /**
     * One curve.
     *
     * @param name for the legend
     * @param points in the order of x
     * @param marked whether each point is marked: values read from a printed plot
     */
    record Series(String name, List<Point> points, boolean marked) {
        Series {
            points = List.copyOf(points);
        }

        static Series line(String name, List<Point> points) {
            return new Series(name, points, false);
        }

        static Series marks(String name, List<Point> points) {
            return new Series(name, points, true);
        }
    }

    /** A point of a curve. */
    record Point(double x, double y) {}

    Plot {
        series = List.copyOf(series);
    }

    private record Axis(double low, double high, boolean logarithmic, List<Double> ticks) {
        static Axis of(List<Double> values, boolean logarithmic) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (double value : values) {
                if (Double.isFinite(value) && (!logarithmic || value > 0)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
            if (!(low <= high)) {
                low = logarithmic ? 0.1 : 0;
                high = 1;
            }
            return logarithmic ? logarithmic(low, high) : linear(low, high);
        }

        private static Axis logarithmic(double low, double high) {
            int first = (int) Math.floor(Math.log10(low) + 1e-9);
            int last = Math.max(first + 1, (int) Math.ceil(Math.log10(high) - 1e-9));
            int stride = Math.max(1, (int) Math.ceil((last - first) / 6.0));
            List<Double> ticks = new ArrayList<>();
            for (int e = first; e <= last; e += stride) {
                ticks.add(Math.pow(10, e));
            }
            return new Axis(Math.pow(10, first), Math.pow(10, last), true, ticks);
        }

        private static Axis linear(double low, double high) {
            double room = high > low ? 0 : Math.max(Math.abs(high) * 0.1, 0.5);
            double bottom = low - room;
            double top = high + room;
            double unit = LineChart.unit(bottom, top, TICKS);
            bottom = Math.floor(bottom / unit + 1e-9) * unit;
            top = Math.ceil(top / unit - 1e-9) * unit;
            return new Axis(bottom, top, false, LineChart.ticks(bottom, top, TICKS));
        }

        /** From 0 at the lower end to 1 at the upper one. */
        double at(double value) {
            return logarithmic
                    ? (Math.log10(value) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))
                    : (value - low) / (high - low);
        }

        String text(double tick) {
            if (logarithmic) {
                long exponent = Math.round(Math.log10(tick));
                return "10<tspan dy=\"-5\" font-size=\"10\">"
                        + String.valueOf(exponent).replace('-', '\u2212') + "</tspan>";
            }
            return LineChart.number(tick, LineChart.unit(low, high, TICKS));
        }
    }

    /** The SVG file's text. */
    String svg() {
        Axis x = Axis.of(all(true), false);
        Axis y = Axis.of(all(false), logarithmic);
        StringBuilder out = new StringBuilder(1 << 14);
        int rows = (series.size() + 1) / 2;
        double legend = LINE * rows;
        double height = HEIGHT + legend;
        out.append(String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"figure\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">%n",
                        WIDTH,
                        height,
                        Html.escape(title)))
                .append(STYLE);
        text(out, "title", LEFT, 24, "start", Html.escape(title));
        grid(out, x, y);
        for (int i = 0; i < series.size(); i++) {
            draw(out, series.get(i), i, x, y);
        }
        text(out, "label", LEFT + plotWidth() / 2, HEIGHT - 14, "middle", Html.escape(xLabel));
        out.append(String.format(
                Locale.ROOT,
                "<text class=\"label\" text-anchor=\"middle\" transform=\"translate(18 %.1f) rotate(-90)\">%s</text>%n",
                TOP + plotHeight() / 2,
                Html.escape(yLabel)));
        for (int i = 0; i < series.size(); i++) {
            key(out, i);
        }
        return out.append("</svg>\n").toString();
    }

    private static final String STYLE = """
            <style>
            .figure { --ink: #17191c; --soft: #5a6068; --rule: #e2e3de; --s0: #0072b2; --s1: #c65102; --s2: #00805f; --s3: #8a5aa8; }
            @media (prefers-color-scheme: dark) { .figure { --ink: #eceef0; --soft: #a2a9b2; --rule: #2e3339; --s0: #56b4e9; --s1: #f0a04b; --s2: #3fbf97; --s3: #c79be0; } }
            .figure text { font: 13px system-ui, "Helvetica Neue", "Liberation Sans", Arial, sans-serif; fill: var(--soft); }
            .figure .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
            .figure .label, .figure .legend { fill: var(--ink); }
            .figure .rule { stroke: var(--rule); fill: none; }
            .figure .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
            .figure .mark { stroke-width: 1.75; fill: none; }
            .figure .c0 { stroke: var(--s0); } .figure .c1 { stroke: var(--s1); } .figure .c2 { stroke: var(--s2); } .figure .c3 { stroke: var(--s3); }
            </style>
            """;

    private List<Double> all(boolean horizontal) {
        return series.stream()
                .flatMap(s -> s.points.stream())
                .map(p -> horizontal ? p.x : p.y)
                .toList();
    }

    private static double plotWidth() {
        return WIDTH - LEFT - RIGHT;
    }

    private static double plotHeight() {
        return HEIGHT - TOP - BOTTOM;
    }

    private static double across(Axis x, double value) {
        return LEFT + plotWidth() * x.at(value);
    }

    private static double down(Axis y, double value) {
        return TOP + plotHeight() * (1 - y.at(value));
    }

    private static void grid(StringBuilder out, Axis x, Axis y) {
        for (double tick : y.ticks) {
            double at = down(y, tick);
            out.append(String.format(
                    Locale.ROOT, "<path class=\"rule\" d=\"M%.1f %.1fH%.1f\"/>%n", LEFT, at, WIDTH - RIGHT));
            text(out, "tick", LEFT - 8, at + 4, "end", y.text(tick));
        }
        for (double tick : x.ticks) {
            double at = across(x, tick);
            out.append(String.format(Locale.ROOT, "<path class=\"rule\" d=\"M%.1f %.1fv5\"/>%n", at, HEIGHT - BOTTOM));
            text(out, "tick", at, HEIGHT - BOTTOM + 20, "middle", x.text(tick));
        }
    }

    private void draw(StringBuilder out, Series curve, int index, Axis x, Axis y) {
        StringBuilder path = new StringBuilder();
        for (Point point : curve.points) {
            if (Double.isFinite(point.y) && (!logarithmic || point.y > 0)) {
                double px = across(x, point.x);
                double py = down(y, point.y);
                path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.length() == 0 ? "M" : "L", px, py));
                if (curve.marked) {
                    out.append(String.format(
                            Locale.ROOT,
                            "<circle class=\"mark c%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>%n",
                            index % 4,
                            px,
                            py));
                }
            }
        }
        if (path.length() > 0) {
            out.append("<path class=\"curve c")
                    .append(index % 4)
                    .append('"')
                    .append(dash(index))
                    .append(" d=\"")
                    .append(path)
                    .append("\"/>\n");
        }
    }

    private static String dash(int index) {
        String dash = DASHES[index % DASHES.length];
        return dash.isEmpty() ? "" : " stroke-dasharray=\"" + dash + "\"";
    }

    private void key(StringBuilder out, int index) {
        double x = LEFT + (index % 2) * plotWidth() / 2;
        int row = index / 2;
        double y = HEIGHT + LINE * row + 2;
        out.append(String.format(
                Locale.ROOT, "<path class=\"curve c%d\"%s d=\"M%.1f %.1fh28\"/>%n", index % 4, dash(index), x, y - 4));
        text(out, "legend", x + 36, y, "start", Html.escape(series.get(index).name));
    }

    /** The content is SVG already. */
    private static void text(StringBuilder out, String style, double x, double y, String anchor, String content) {
        out.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
                style,
                x,
                y,
                anchor,
                content));
    }
}
