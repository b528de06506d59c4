package dev.byol.examples;

import dev.byol.eval.Confusion;
import dev.byol.eval.Features;
import dev.byol.eval.Interval;
import dev.byol.eval.ProbeResult;
import dev.byol.eval.Spectrum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * {@code evaluation.html}: one page that shows how good an encoder's features are. It asks for nothing from outside.
 *
 * @param neighbours test images and what they are taken for alike with
 * @param unlabelled images without labels, among themselves; empty if there were none
 */
record EvaluationPage(
        EvaluationReport report, List<ReportPage.Neighbours> neighbours, List<ReportPage.Neighbours> unlabelled) {
    /** Above this mean cosine of different images all of them lie on one point. */
    private static final double COLLAPSED = 0.99;

    private static final int COLOURS = 10;
    private static final int MOST_CLASSES = 30;
    private static final double SMALLEST_VALUE = 1e-7;

    EvaluationPage {
        neighbours = List.copyOf(neighbours);
        unlabelled = List.copyOf(unlabelled);
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 18);
        header(out);
        probes(out);
        classes(out);
        measures(out);
        map(out);
        NeighbourCards.section(out, "Nearest neighbours", neighbours);
        NeighbourCards.section(out, "Nearest neighbours without labels", unlabelled);
        mistakes(out);
        Html.section(
                out,
                "How it was measured",
                "The settings, the device and the versions behind every number on this page.");
        out.append("<div class=\"grid\">\n");
        Html.table(out, "Settings", report.config());
        Html.table(out, "Versions", report.versions());
        out.append("</div>\n</section>\n<footer>Written by byol-java. The numbers, and those of all classes, stand in"
                + " <code>evaluation.json</code> beside this page.</footer>\n");
        return Html.page("Evaluation", out, "report.css", "evaluation.css");
    }

    private static double top1(Examined network) {
        return 100 * network.scores().linear().top1();
    }

    private void header(StringBuilder out) {
        out.append("<header>\n<p class=\"eyebrow\">Evaluation &middot; <span class=\"path\">")
                .append(Html.escape(report.model()))
                .append("</span></p>\n<h1><em>")
                .append(Html.percent(top1(report.learned())))
                .append("</em> on learned features")
                .append(report.untrained()
                        .map(u -> ", " + Html.percent(top1(u)) + " untrained")
                        .orElse(""))
                .append(
                        "</h1>\n<p class=\"lede\">The encoder was frozen. A linear classifier, fitted on labelled images, reads the class of"
                                + " unseen test images from its features")
                .append(
                        report.untrained().isPresent()
                                ? ", and from those of the same network before training.</p>\n"
                                : ". The same network before training, which would say what training added, was not there:"
                                        + " <code>./byol pretrain</code> leaves it beside the encoder, <code>--untrained</code>"
                                        + " names another place.</p>\n");
        out.append("<div class=\"grid scores\">\n");
        score(out, "Linear classifier", FeatureScores::linear);
        score(
                out,
                report.learned().scores().nearest().settings().get("k") + " nearest neighbours",
                FeatureScores::nearest);
        out.append("</div>\n");
        double together = report.learned().measures().views().negativeCosine();
        if (together > COLLAPSED) {
            out.append("<div class=\"notice\" role=\"alert\"><strong>These features have collapsed.</strong> ")
                    .append("Different images have a mean cosine of ")
                    .append(Html.fixed(together, 4))
                    .append(": the network maps every image to nearly the same point.</div>\n");
        }
        ProbeResult linear = report.learned().scores().linear();
        out.append("<dl class=\"facts\">\n");
        Html.fact(out, "Images to fit", Html.count(linear.trainRows()));
        Html.fact(out, "Images to score", Html.count(linear.testRows()));
        Html.fact(out, "Classes", Html.count(table().classes().size()));
        Html.fact(out, "Mean per class", Html.percent(100 * linear.confusion().meanPerClass()));
        Html.fact(out, "Top-5", Html.percent(100 * linear.top5()));
        Html.fact(out, "Features", Html.count(report.learned().test().features().dimension()));
        out.append("</dl>\n</header>\n");
    }

    private void score(StringBuilder out, String title, Function<FeatureScores, ProbeResult> probe) {
        ProbeResult learned = probe.apply(report.learned().scores());
        out.append("<div class=\"card score\"><h3>").append(title).append("</h3>");
        Html.bar(out, "bar learned", "learned", 100 * learned.top1());
        report.untrained()
                .ifPresent(u -> Html.bar(
                        out, "bar", "untrained", 100 * probe.apply(u.scores()).top1()));
        out.append("<p class=\"interval\">95&nbsp;% interval of learned: ")
                .append(interval(learned))
                .append(report.untrained()
                        .map(u -> "; of untrained: " + interval(probe.apply(u.scores())))
                        .orElse(""))
                .append("</p></div>\n");
    }

    private static String interval(ProbeResult result) {
        Interval interval = result.interval();
        return Html.fixed(100 * interval.low(), 1) + " to " + Html.fixed(100 * interval.high(), 1);
    }

    private void probes(StringBuilder out) {
        FeatureScores learned = report.learned().scores();
        Html.section(
                out,
                "Probes",
                "Percent of the test images that are right. "
                        + String.format(
                                Locale.ROOT,
                                "C = %s did best on %,d training images that were held out%s; no test image took part in that choice. ",
                                number(learned.sweep().c()),
                                learned.sweep().heldOutRows(),
                                learned.sweep().atEdge() ? ", at the edge of the grid" : "")
                        + "Neighbours are training images, by cosine; weighted votes have a temperature of 0.07. Intervals are bootstraps over test"
                        + " images; few labels are drawn five times, and their deviation is that of the draws.");
        out.append("<div class=\"grid\">\n");
        neighbourGrid(out, learned);
        fewLabels(out, learned);
        out.append("</div>\n</section>\n");
    }

    private static String number(double value) {
        return value >= 1 && value < 1e7 ? String.format(Locale.ROOT, "%.0f", value) : String.valueOf(value);
    }

    private void neighbourGrid(StringBuilder out, FeatureScores learned) {
        out.append("<div class=\"card\"><h3>Nearest neighbours</h3><table class=\"numbers\"><thead><tr><th>voters</th>"
                + "<th class=\"number\">one vote each</th><th class=\"number\">weighted</th>");
        report.untrained().ifPresent(u -> out.append("<th class=\"number\">untrained, one vote</th>"));
        out.append("</tr></thead><tbody>\n");
        for (int i = 0; i < learned.uniform().size(); i++) {
            out.append("<tr><td>")
                    .append(learned.uniform().get(i).settings().get("k"))
                    .append("</td>");
            cell(out, learned.uniform().get(i));
            cell(out, learned.weighted().get(i));
            if (report.untrained().isPresent()) {
                List<ProbeResult> other = report.untrained().get().scores().uniform();
                out.append("<td class=\"number soft\">")
                        .append(i < other.size() ? Html.fixed(100 * other.get(i).top1(), 1) : "")
                        .append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static void cell(StringBuilder out, ProbeResult result) {
        out.append("<td class=\"number\"><b>")
                .append(Html.fixed(100 * result.top1(), 1))
                .append("</b> <small>")
                .append(interval(result))
                .append("</small></td>");
    }

    private void fewLabels(StringBuilder out, FeatureScores learned) {
        if (learned.fewLabels().isEmpty()) {
            return;
        }
        out.append(
                "<div class=\"card\"><h3>Linear classifier with few labels</h3><table class=\"numbers\"><thead><tr><th>labels</th>"
                        + "<th class=\"number\">images</th><th class=\"number\">learned</th>");
        report.untrained().ifPresent(u -> out.append("<th class=\"number\">untrained</th>"));
        out.append("</tr></thead><tbody>\n");
        for (int i = 0; i < learned.fewLabels().size(); i++) {
            FeatureScores.Few few = learned.fewLabels().get(i);
            out.append("<tr><td>")
                    .append(few.labels())
                    .append("</td><td class=\"number soft\">")
                    .append(Html.count(few.outcome().results().get(0).trainRows()))
                    .append("</td><td class=\"number\">")
                    .append(spread(few))
                    .append("</td>");
            if (report.untrained().isPresent()) {
                List<FeatureScores.Few> other =
                        report.untrained().get().scores().fewLabels();
                out.append("<td class=\"number soft\">")
                        .append(i < other.size() ? spread(other.get(i)) : "")
                        .append("</td>");
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static String spread(FeatureScores.Few few) {
        return "<b>" + Html.fixed(100 * few.outcome().mean(), 1) + "</b> <small>&plusmn; "
                + Html.fixed(100 * few.outcome().deviation(), 1) + "</small>";
    }

    private ConfusionTable table() {
        return new ConfusionTable(report.learned().scores().linear().confusion(), report::className);
    }

    private void classes(StringBuilder out) {
        ConfusionTable table = table();
        int all = table.classes().size();
        Html.section(
                out,
                "Classes",
                "What the linear classifier takes the test images of each class for, in percent of the class. "
                        + (all > ConfusionTable.MOST_CLASSES
                                ? "Of " + Html.count(all) + " classes, the " + ConfusionTable.MOST_CLASSES
                                        + " with the most mistakes are shown."
                                : "Blue is right, orange is wrong."));
        table.matrix(out);
        out.append("<div class=\"grid below\">\n");
        perClass(out, all);
        table.frequent(out);
        out.append("</div>\n</section>\n");
    }

    private void perClass(StringBuilder out, int all) {
        Confusion confusion = report.learned().scores().linear().confusion();
        List<Integer> sorted = IntStream.range(0, confusion.classes())
                .filter(k -> confusion.rows(k) > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(k -> confusion.accuracy(k).orElse(0)))
                .toList();
        out.append(
                "<div class=\"card\"><h3>Accuracy of each class, the hardest first</h3><table class=\"numbers classes\"><thead><tr><th>class</th>"
                        + "<th></th><th class=\"number\">percent</th><th class=\"number\">images</th></tr></thead><tbody>\n");
        sorted.stream().limit(MOST_CLASSES).forEach(k -> {
            double accuracy = 100 * confusion.accuracy(k).orElse(0);
            out.append("<tr><td>")
                    .append(Html.escape(report.className(k)))
                    .append("</td><td class=\"track\"><div class=\"fill\" style=\"width:")
                    .append(Html.fixed(accuracy, 1))
                    .append("%\"></div></td><td class=\"number\"><b>")
                    .append(Html.fixed(accuracy, 1))
                    .append("</b></td><td class=\"number soft\">")
                    .append(Html.count(confusion.rows(k)))
                    .append("</td></tr>\n");
        });
        out.append("</tbody></table>");
        if (sorted.size() > MOST_CLASSES) {
            out.append("<p class=\"interval\">The other ")
                    .append(Html.count(all - MOST_CLASSES))
                    .append(" classes do better.</p>");
        }
        out.append("</div>\n");
    }

    private void measures(StringBuilder out) {
        FeatureMeasures learned = report.learned().measures();
        Html.section(
                out,
                "The features themselves",
                "No label is needed for these: they say whether features have collapsed onto a point or into few directions. Rank, deviation and"
                        + " uniformity are those of " + FeatureMeasures.images(learned.plain())
                        + ", cosines and alignment those of two"
                        + " random views of each of " + FeatureMeasures.images(learned.views())
                        + ". They compare networks of one kind on the same images.");
        out.append(
                "<div class=\"card scroll\"><table class=\"numbers measures\"><thead><tr><th>measure</th><th class=\"number\">learned</th>");
        report.untrained().ifPresent(u -> out.append("<th class=\"number\">untrained</th>"));
        out.append("<th>what is healthy</th></tr></thead><tbody>\n");
        for (FeatureMeasures.Row row : FeatureMeasures.ROWS) {
            out.append("<tr><td>")
                    .append(row.name())
                    .append("</td><td class=\"number\"><b>")
                    .append(row.text(learned))
                    .append("</b></td>");
            report.untrained()
                    .ifPresent(u -> out.append("<td class=\"number soft\">")
                            .append(row.text(u.measures()))
                            .append("</td>"));
            out.append("<td class=\"soft\">").append(row.healthy()).append("</td></tr>\n");
        }
        out.append("</tbody></table></div>\n<div class=\"card below\">")
                .append(spectrum().svg())
                .append("</div>\n</section>\n");
    }

    private Plot spectrum() {
        List<Plot.Series> series = new ArrayList<>();
        series.add(Plot.Series.line(
                "learned", points(report.learned().measures().plain().spectrum())));
        report.untrained()
                .ifPresent(u -> series.add(Plot.Series.line(
                        "untrained", points(u.measures().plain().spectrum()))));
        return new Plot(
                "Singular values of the features",
                "direction, the longest first",
                "length, of the longest",
                true,
                series);
    }

    private static List<Plot.Point> points(Spectrum spectrum) {
        double largest = spectrum.value(0);
        List<Plot.Point> points = new ArrayList<>();
        for (int i = 0; i < spectrum.size() && spectrum.value(i) > SMALLEST_VALUE * largest; i++) {
            points.add(new Plot.Point(i + 1, spectrum.value(i) / largest));
        }
        return points;
    }

    private void map(StringBuilder out) {
        Map<Integer, Integer> groups = groups();
        List<String> names = new ArrayList<>();
        groups.keySet().stream()
                .sorted(Comparator.comparing(groups::get))
                .forEach(k -> names.add(Html.escape(report.className(k))));
        Features features = report.learned().test().features();
        Html.section(
                out,
                "A map",
                "Test images in the two directions in which their features, scaled to length 1, vary most (principal components). Classes that"
                        + " lie apart here are apart; those that do not may still be, in other directions."
                        + (features.rows() > report.learned().map().rows().length
                                ? " " + Html.count(report.learned().map().rows().length) + " of "
                                        + Html.count(features.rows()) + " images are shown."
                                : ""));
        out.append("<ul class=\"legend\">");
        for (int g = 0; g < names.size(); g++) {
            key(out, g, names.get(g));
        }
        if (table().classes().size() > names.size()) {
            key(out, -1, "other classes");
        }
        out.append("</ul>\n<div class=\"grid maps\">\n");
        scatter(out, "Learned", report.learned(), groups);
        report.untrained().ifPresent(u -> scatter(out, "Untrained", u, groups));
        out.append("</div>\n</section>\n");
    }

    /** The classes with the most test images, and the number of each one's colour. */
    private Map<Integer, Integer> groups() {
        Confusion confusion = report.learned().scores().linear().confusion();
        List<Integer> largest = IntStream.range(0, confusion.classes())
                .filter(k -> confusion.rows(k) > 0)
                .boxed()
                .sorted(Comparator.comparingInt(k -> -confusion.rows(k)))
                .limit(COLOURS)
                .sorted()
                .toList();
        Map<Integer, Integer> groups = new HashMap<>();
        largest.forEach(k -> groups.put(k, groups.size()));
        return groups;
    }

    private static void key(StringBuilder out, int group, String name) {
        out.append("<li><svg class=\"dot\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path class=\"")
                .append(ScatterPlot.style(group))
                .append("\" d=\"M6 6h0\"/></svg>")
                .append(name)
                .append("</li>");
    }

    private void scatter(StringBuilder out, String title, Examined network, Map<Integer, Integer> groups) {
        PrincipalMap map = network.map();
        Features features = network.test().features();
        int[] group = IntStream.of(map.rows())
                .map(row -> groups.getOrDefault(features.label(row), -1))
                .toArray();
        List<String> names = groups.keySet().stream()
                .sorted(Comparator.comparing(groups::get))
                .map(report::className)
                .toList();
        out.append("<div class=\"card\"><h3>")
                .append(title)
                .append(String.format(
                        Locale.ROOT,
                        " <small>%.0f %% of the variance across, %.0f %% up</small></h3>",
                        100 * map.firstShare(),
                        100 * map.secondShare()))
                .append(new ScatterPlot(title + " features in two dimensions", map.x(), map.y(), group, names).svg())
                .append("</div>\n");
    }

    private void mistakes(StringBuilder out) {
        if (report.mistakes().isEmpty()) {
            return;
        }
        Html.section(
                out,
                "Surest mistakes",
                "Test images that the linear classifier is surest about, and wrong: what it takes them for, how sure it is, and what they are. Wrong"
                        + " labels are found here, too.");
        out.append("<div class=\"mistakes\">\n");
        for (Mistakes.Mistake mistake : report.mistakes()) {
            String taken = Html.escape(mistake.taken());
            String truth = Html.escape(mistake.truth());
            Html.figure(
                    out,
                    "card",
                    mistake.picture(),
                    truth + ", taken for " + taken,
                    "<b>" + taken + "</b> " + Html.fixed(100 * mistake.confidence(), 0) + "&nbsp;%<br>is " + truth);
        }
        out.append("</div>\n</section>\n");
    }
}
