package dev.byol.examples;

import dev.byol.eval.Confusion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How many test images of each class were taken for which, as tables of a page. Of many classes, it shows those with the most
 * mistakes.
 *
 * @param name of a class
 */
record ConfusionTable(Confusion confusion, IntFunction<String> name) {
    /** So many classes fit a page's width. */
    static final int MOST_CLASSES = 20;

    private static final int MOST_PAIRS = 10;

    /** A class that was taken for another. */
    record Pair(int truth, int predicted, int rows) {}

    /** The classes shown, in their order: all, or those with the most mistakes. */
    List<Integer> shown() {
        List<Integer> known = classes();
        if (known.size() <= MOST_CLASSES) {
            return known;
        }
        return known.stream()
                .sorted(Comparator.comparingInt(k -> confusion.count(k, k) - confusion.rows(k)))
                .limit(MOST_CLASSES)
                .sorted()
                .toList();
    }

    /** Classes that some image has, or was taken for. */
    List<Integer> classes() {
        boolean[] seen = new boolean[confusion.classes()];
        for (int t = 0; t < seen.length; t++) {
            for (int p = 0; p < seen.length; p++) {
                if (confusion.count(t, p) > 0) {
                    seen[t] = true;
                    seen[p] = true;
                }
            }
        }
        return IntStream.range(0, seen.length).filter(k -> seen[k]).boxed().toList();
    }

    /** All mistakes, the most frequent ones first. */
    List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int t = 0; t < confusion.classes(); t++) {
            for (int p = 0; p < confusion.classes(); p++) {
                if (t != p && confusion.count(t, p) > 0) {
                    pairs.add(new Pair(t, p, confusion.count(t, p)));
                }
            }
        }
        pairs.sort(Comparator.comparingInt(pair -> -pair.rows));
        return pairs;
    }

    /** The matrix, each row in percent of its class. */
    void matrix(StringBuilder out) {
        List<Integer> shown = shown();
        boolean whole = shown.size() == classes().size();
        out.append(
                "<div class=\"card scroll\"><table class=\"confusion\">\n<thead><tr><th class=\"corner\">is &#8595; &nbsp;taken for &#8594;</th>");
        shown.forEach(
                k -> out.append("<th scope=\"col\"><span>").append(escaped(k)).append("</span></th>"));
        out.append(whole ? "" : "<th scope=\"col\"><span>others</span></th>").append("</tr></thead>\n<tbody>\n");
        for (int t : shown) {
            out.append("<tr><th scope=\"row\">").append(escaped(t)).append("</th>");
            int rows = confusion.rows(t);
            int others = rows;
            for (int p : shown) {
                others -= confusion.count(t, p);
                cell(out, t == p ? "right" : "wrong", confusion.count(t, p), rows);
            }
            if (!whole) {
                cell(out, "wrong", others, rows);
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static void cell(StringBuilder out, String style, int count, int rows) {
        if (count == 0) {
            out.append("<td></td>");
            return;
        }
        double share = (double) count / rows;
        out.append(String.format(
                Locale.ROOT,
                "<td class=\"%s%s\" style=\"--share:%.2f\" title=\"%d of %d\">%.0f</td>",
                style,
                share > 0.55 ? " strong" : "",
                share,
                count,
                rows,
                100 * share));
    }

    /** The most frequent mistakes; nothing where there are none. */
    void frequent(StringBuilder out) {
        List<Pair> pairs = pairs();
        if (pairs.isEmpty()) {
            return;
        }
        out.append(
                "<div class=\"card\"><h3>Most frequent mistakes</h3><table class=\"numbers\"><thead><tr><th>is</th><th>taken for</th>"
                        + "<th class=\"number\">images</th></tr></thead><tbody>\n");
        pairs.stream()
                .limit(MOST_PAIRS)
                .forEach(pair -> out.append("<tr><td>")
                        .append(escaped(pair.truth))
                        .append("</td><td>")
                        .append(escaped(pair.predicted))
                        .append("</td><td class=\"number\">")
                        .append(pair.rows)
                        .append(" of ")
                        .append(confusion.rows(pair.truth))
                        .append("</td></tr>\n"));
        out.append("</tbody></table></div>\n");
    }

    private String escaped(int label) {
        return Html.escape(name.apply(label));
    }
}
