package dev.byol.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One chart of values over steps, as a piece of HTML: curves in an SVG that stretches with the page, ticks and labels
 * as text beside it that does not.
 *
 * @param label what it shows, for readers that cannot see it
 * @param low lowest value of the axis
 * @param high highest value of the axis, above low
 * @param curves drawn in order, each over all steps
 * @param marks steps that are marked by a line across
 */
record LineChart(String label, double low, double high, List<Curve> curves, List<Long> marks) {
    /** At most twice as many points as this in a curve. */
    private static final int BUCKETS = 400;

    /** About so many ticks on the axis of values, and on that of steps. */
    private static final int ROWS = 4;

    private static final int COLUMNS = 5;
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 400;

    /**
     * One curve.
     *
     * @param name for the legend; empty: no legend
     * @param style class of the style sheet
     * @param values one a step
     * @param noisy drawn faintly, with a smoothed curve over it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Curve(String name, String style, double[] values, boolean noisy) {
        double last() {
            double[] smooth = noisy ? smooth(values) : values;
            return smooth[smooth.length - 1];
        }
    }

    LineChart {
        curves = List.copyOf(curves);
        marks = List.copyOf(marks);
    }

    LineChart(String label, double low, double high, List<Curve> curves) {
        this(label, low, high, curves, List.of());
    }

    /** The same with steps marked. */
    LineChart marked(List<Long> steps) {
        return new LineChart(label, low, high, curves, steps);
    }

    /** A chart whose axis just holds the values, with round limits. */
    static LineChart fitted(String label, boolean fromZero, List<Curve> curves) {
        double low = fromZero ? 0 : Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Curve curve : curves) {
            for (double value : curve.values) {
                if (Double.isFinite(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        if (!(low < high)) {
            double middle = Double.isFinite(low) ? low : 0;
            double room = Math.max(Math.abs(middle) * 0.1, 0.01);
            return new LineChart(label, middle - room, middle + room, curves);
        }
        // Rounding outwards may call for wider ticks; those of the final range must end on its limits.
        double unit = unit(low, high, ROWS);
        double bottom = Math.floor(low / unit) * unit;
        double top = Math.ceil(high / unit) * unit;
        while (unit(bottom, top, ROWS) > unit) {
            unit = unit(bottom, top, ROWS);
            bottom = Math.floor(low / unit) * unit;
            top = Math.ceil(high / unit) * unit;
        }
        return new LineChart(label, bottom, top, curves);
    }

    String html() {
        int steps = curves.stream().mapToInt(c -> c.values.length).max().orElse(0);
        StringBuilder out = new StringBuilder("<div class=\"chart\">");
        legend(out);
        out.append("<div class=\"plot\">");
        List<Double> rows = ticks(low, high, ROWS);
        double unit = unit(low, high, ROWS);
        for (double tick : rows) {
            out.append(String.format(
                    Locale.ROOT,
                    "<span class=\"y\" style=\"bottom:%.2f%%\">%s</span>",
                    100 * (tick - low) / (high - low),
                    number(tick, unit)));
        }
        double lastStep = Math.max(1, steps - 1);
        for (double tick : ticks(0, lastStep, COLUMNS)) {
            if (tick == Math.rint(tick)) {
                out.append(String.format(
                        Locale.ROOT,
                        "<span class=\"x\" style=\"left:%.2f%%\">%,.0f</span>",
                        100 * tick / lastStep,
                        tick));
            }
        }
        out.append(String.format(
                Locale.ROOT,
                "<svg viewBox=\"0 0 %.0f %.0f\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\">",
                WIDTH,
                HEIGHT,
                Html.escape(label)));
        for (double tick : rows) {
            double y = y(tick);
            out.append(String.format(Locale.ROOT, "<path class=\"rule\" d=\"M0 %.1fH%.0f\"/>", y, WIDTH));
        }
        for (long mark : marks) {
            out.append(String.format(
                    Locale.ROOT, "<path class=\"mark\" d=\"M%.1f 0V%.0f\"/>", WIDTH * mark / lastStep, HEIGHT));
        }
        for (Curve curve : curves) {
            if (curve.noisy) {
                out.append("<path class=\"raw ")
                        .append(curve.style)
                        .append("\" d=\"")
                        .append(path(curve.values))
                        .append("\"/>");
            }
        }
        for (Curve curve : curves) {
            double[] values = curve.noisy ? smooth(curve.values) : curve.values;
            out.append("<path class=\"line ")
                    .append(curve.style)
                    .append("\" d=\"")
                    .append(path(values))
                    .append("\"/>");
        }
        return out.append("</svg></div><div class=\"axis\">step</div></div>").toString();
    }

    private void legend(StringBuilder out) {
        if (curves.stream().allMatch(c -> c.name.isEmpty())) {
            return;
        }
        out.append("<ul class=\"legend\">");
        for (Curve curve : curves) {
            out.append("<li><svg class=\"key\" viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path class=\"line ")
                    .append(curve.style)
                    .append("\" d=\"M0 4H28\"/></svg>")
                    .append(Html.escape(curve.name));
            if (curve.values.length > 0) {
                out.append(String.format(Locale.ROOT, " <b>%.3f</b>", curve.last()));
            }
            out.append("</li>");
        }
        out.append("</ul>");
    }

    /** The lowest and the highest of each bucket of steps, in the order in which they came: no peak is lost. */
    private String path(double[] values) {
        StringBuilder path = new StringBuilder();
        for (int index : extremes(values)) {
            if (Double.isFinite(values[index])) {
                double x = values.length == 1 ? 0 : WIDTH * index / (values.length - 1);
                path.append(path.length() == 0 ? 'M' : 'L')
                        .append(String.format(Locale.ROOT, "%.1f %.1f", x, y(values[index])));
            }
        }
        return path.toString();
    }

    private double y(double value) {
        return HEIGHT * (1 - (Math.max(low, Math.min(high, value)) - low) / (high - low));
    }

    static List<Integer> extremes(double[] values) {
        List<Integer> indices = new ArrayList<>();
        int buckets = Math.min(BUCKETS, values.length);
        for (int bucket = 0; bucket < buckets; bucket++) {
            int from = (int) ((long) values.length * bucket / buckets);
            int to = (int) ((long) values.length * (bucket + 1) / buckets);
            int lowest = from;
            int highest = from;
            for (int i = from + 1; i < to; i++) {
                if (values[i] < values[lowest]) {
                    lowest = i;
                }
                if (values[i] > values[highest]) {
                    highest = i;
                }
            }
            indices.add(Math.min(lowest, highest));
            if (lowest != highest) {
                indices.add(Math.max(lowest, highest));
            }
        }
        return indices;
    }

    /** Mean over a window of about two hundredths of the steps, smaller towards the ends. */
    static double[] smooth(double[] values) {
        int most = values.length / 100;
        double[] sums = new double[values.length + 1];
        for (int i = 0; i < values.length; i++) {
            sums[i + 1] = sums[i] + values[i];
        }
        double[] smooth = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            int from = Math.max(0, i - most);
            int to = Math.min(values.length, i + most + 1);
            smooth[i] = (sums[to] - sums[from]) / (to - from);
        }
        return smooth;
    }

    /** Round numbers from low to high, about {@code count} of them. */
    static List<Double> ticks(double low, double high, int count) {
        double unit = unit(low, high, count);
        List<Double> ticks = new ArrayList<>();
        for (long k = (long) Math.ceil(low / unit - 1e-9); k * unit <= high + 1e-9 * unit; k++) {
            ticks.add(k * unit);
        }
        return ticks;
    }

    /** The distance of ticks: 1, 2 or 5 times a power of ten. */
    static double unit(double low, double high, int count) {
        double rough = (high - low) / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double lead = rough / power;
        return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
    }

    static String number(double value, double unit) {
        int digits = (int) Math.max(0, -Math.floor(Math.log10(unit) + 1e-9));
        String text = String.format(Locale.ROOT, "%." + digits + "f", value);
        return text.startsWith("-") && text.matches("-0(\\.0*)?") ? text.substring(1) : text.replace('-', '\u2212');
    }
}
