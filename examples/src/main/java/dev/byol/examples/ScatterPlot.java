package dev.byol.examples;

import java.util.List;
import java.util.Locale;

/**
 * Points in the plane in the colours of their groups, as inline SVG; both axes have one scale, for distances mean something.
 *
 * @param label what it shows, for readers that cannot see it
 * @param group of each point, an index of {@code names}; -1 for those in grey, which are drawn below
 * @param names of the groups
 */
@SuppressWarnings("ArrayRecordComponent")
record ScatterPlot(String label, double[] x, double[] y, int[] group, List<String> names) {
    private static final double SIDE = 400;
    private static final double MARGIN = 8;

    ScatterPlot {
        names = List.copyOf(names);
    }

    /** The class of the style sheet for a group. */
    static String style(int group) {
        return group < 0 ? "dots other" : "dots k" + group;
    }

    String svg() {
        double[] middle = {middle(x), middle(y)};
        double half = Math.max(Math.max(reach(x, middle[0]), reach(y, middle[1])), 1e-12);
        double scale = (SIDE / 2 - MARGIN) / half;
        double height =
                Math.max(SIDE / 2, 2 * (scale * reach(y, middle[1]) + MARGIN)); // no empty space above and below
        StringBuilder out = new StringBuilder(x.length * 16);
        out.append(String.format(
                Locale.ROOT,
                "<svg class=\"scatter\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\">",
                SIDE,
                height,
                Html.escape(label)));
        for (int g = -1; g < names.size(); g++) {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < x.length; i++) {
                if (group[i] == g) { // a line of no length with round ends is a dot
                    path.append(String.format(
                            Locale.ROOT,
                            "M%.1f %.1fh0",
                            SIDE / 2 + scale * (x[i] - middle[0]),
                            height / 2 - scale * (y[i] - middle[1])));
                }
            }
            if (path.length() > 0) {
                out.append("<path class=\"")
                        .append(style(g))
                        .append("\" d=\"")
                        .append(path)
                        .append("\"><title>")
                        .append(g < 0 ? "other classes" : Html.escape(names.get(g)))
                        .append("</title></path>");
            }
        }
        return out.append("</svg>").toString();
    }

    private static double middle(double[] values) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        return (low + high) / 2;
    }

    private static double reach(double[] values, double middle) {
        double reach = 0;
        for (double value : values) {
            reach = Math.max(reach, Math.abs(value - middle));
        }
        return reach;
    }
}
