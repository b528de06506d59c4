package dev.byol.examples;

import dev.byol.eval.CollapseEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * {@code report.html}: one page that shows what a training run came to. It asks for nothing from outside: styles are in
 * it, charts are inline SVG, images are data addresses.
 *
 * @param report the numbers
 * @param rows one a step, oldest first
 * @param viewPairs what the network was shown; may be empty
 * @param neighbours what it takes for alike; may be empty
 */
record ReportPage(Report report, List<MetricsCsv.Row> rows, List<ViewPair> viewPairs, List<Neighbours> neighbours) {

    /** An image as it is in the data, and its two random views. */
    record ViewPair(Picture original, Picture first, Picture second) {}

    /**
     * A test image and the training images nearest to it.
     *
     * @param query the test image
     * @param className its class; empty where it is not known
     * @param hits nearest first
     */
    record Neighbours(Picture query, Optional<String> className, List<Neighbour> hits) {}

    /**
     * One of the nearest.
     *
     * @param picture the training image
     * @param className its class; empty where it is not known
     * @param cosine of the two representations
     */
    record Neighbour(Picture picture, Optional<String> className, double cosine) {}

    ReportPage {
        rows = List.copyOf(rows);
        viewPairs = List.copyOf(viewPairs);
        neighbours = List.copyOf(neighbours);
    }

    /**
     * Writes the page.
     *
     * @param file appears whole; replaced if it is there
     * @throws IOException if it cannot be written
     */
    void write(Path file) throws IOException {
        AtomicFiles.write(file, html());
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 16);
        String method = Html.escape(displayName(report.method()));
        header(out, method);
        curves(out);
        views(out);
        NeighbourCards.section(out, "Nearest neighbours", neighbours);
        tables(out);
        out.append("<footer>Written by byol-java. The numbers stand in <code>report.json</code>, those of every step in"
                + " <code>metrics.csv</code>, beside this page.</footer>\n");
        return Html.page(method + " report", out, "report.css");
    }

    private void header(StringBuilder out, String method) {
        out.append("<header>\n<p class=\"eyebrow\">")
                .append(method)
                .append(" &middot; pretraining report &middot; seed ")
                .append(report.seed())
                .append("</p>\n");
        if (report.accuracy() instanceof Report.Measured measured) {
            headline(out, measured);
        } else if (report.accuracy() instanceof Report.NotMeasured none) {
            out.append("<h1>")
                    .append(Html.count(report.steps()))
                    .append(
                            " steps without labels</h1>\n<p class=\"lede\">The accuracy of the features was not measured: ")
                    .append(Html.escape(none.reason()))
                    .append("</p>\n");
        }
        if (report.collapsed()) {
            out.append("<div class=\"notice\" role=\"alert\"><strong>This run has collapsed.</strong> ")
                    .append("Projections of different images have a mean cosine of ")
                    .append(Html.fixed(report.negativeCosine(), 4))
                    .append(
                            ": the network maps every image to nearly the same point, so a low loss means nothing here.")
                    .append("</div>\n");
        }
        events(out);
        out.append("<dl class=\"facts\">\n");
        Html.fact(out, "Steps", Html.count(report.steps()));
        Html.fact(out, "Loss", Html.fixed(report.loss(), 3));
        Html.fact(out, "Positive cosine", Html.fixed(report.positiveCosine(), 3));
        Html.fact(out, "Negative cosine", Html.fixed(report.negativeCosine(), 3));
        Html.fact(out, "Images a second", Html.count(Math.round(report.imagesPerSecond())));
        Html.fact(out, "Total time", Progress.duration(report.secondsTotal()));
        out.append("</dl>\n</header>\n");
    }

    private static void headline(StringBuilder out, Report.Measured m) {
        out.append("<h1><em>")
                .append(Html.percent(m.linearTop1()))
                .append("</em> on learned features, ")
                .append(Html.percent(m.randomInitLinearTop1()))
                .append(" untrained</h1>\n<p class=\"lede\">")
                .append("The encoder saw images without labels and was then frozen. A linear classifier, fitted on"
                        + " labelled images, reads the class of unseen test images from its features, and from those"
                        + " of the same network before training.</p>\n<div class=\"grid scores\">\n");
        Html.score(out, "Linear classifier", m.linearTop1(), m.randomInitLinearTop1());
        Html.score(out, "Nearest neighbours", m.knnTop1(), m.randomInitKnnTop1());
        out.append("</div>\n");
    }

    private void events(StringBuilder out) {
        if (report.events().isEmpty() && report.returns().isEmpty()) {
            return;
        }
        out.append("<div class=\"notice\" role=\"status\"><strong>What the collapse watch told</strong><ul>");
        report.returns()
                .forEach(told -> out.append("<li>").append(Html.escape(told)).append("</li>"));
        report.events()
                .forEach(event ->
                        out.append("<li>").append(Html.escape(event.toString())).append("</li>"));
        out.append("</ul>");
        if (report.stopped()) {
            out.append("The run was stopped there.");
        } else if (!report.events().isEmpty()) {
            out.append("Upright lines mark these steps below.");
        }
        out.append("</div>\n");
    }

    private void curves(StringBuilder out) {
        if (rows.isEmpty()) {
            return;
        }
        Html.section(
                out,
                "Training",
                "The loss falls while the two views of an image move together (positive cosine) and different images"
                        + " stay apart (negative cosine); both near 1 would be a collapse. Faint lines are single"
                        + " steps, strong ones their moving mean.");
        out.append("<div class=\"grid\">\n");
        chart(
                out,
                "card",
                "Loss",
                LineChart.fitted(
                                "Loss over steps",
                                true,
                                List.of(new LineChart.Curve("loss", "first", values(MetricsCsv.Row::loss), true)))
                        .marked(marks()));
        LineChart.Curve positive =
                new LineChart.Curve("positive", "first", values(MetricsCsv.Row::positiveCosine), true);
        LineChart.Curve negative =
                new LineChart.Curve("negative", "second", values(MetricsCsv.Row::negativeCosine), true);
        chart(out, "card", "Cosine of projections", cosines(positive, negative).marked(marks()));
        chart(
                out,
                "card small wide",
                "Deviation of the projections' dimensions: 1 where they are spread evenly, 0 on collapse",
                LineChart.fitted(
                                "Deviation over steps",
                                true,
                                List.of(new LineChart.Curve("", "first", values(MetricsCsv.Row::deviation), true)))
                        .marked(marks()));
        chart(
                out,
                "card small wide",
                "Effective rank of a batch's projections: the directions that they use; low on dimensional collapse",
                LineChart.fitted(
                                "Effective rank over steps",
                                true,
                                List.of(new LineChart.Curve("", "second", effectiveRanks(), true)))
                        .marked(marks()));
        chart(
                out,
                "card small",
                "Learning rate",
                LineChart.fitted(
                        "Learning rate over steps",
                        true,
                        List.of(new LineChart.Curve("", "quiet", values(MetricsCsv.Row::learningRate), false))));
        chart(
                out,
                "card small",
                "Tau, the share of the target that a step keeps",
                LineChart.fitted(
                        "Tau over steps",
                        false,
                        List.of(new LineChart.Curve("", "quiet", values(MetricsCsv.Row::tau), false))));
        out.append("</div>\n</section>\n");
    }

    private List<Long> marks() {
        return report.events().stream().map(CollapseEvent::step).toList();
    }

    /** Cosines end at 1, whatever was reached, so that pages compare. */
    private static LineChart cosines(LineChart.Curve positive, LineChart.Curve negative) {
        LineChart fitted = LineChart.fitted("", true, List.of(positive, negative));
        return new LineChart(
                "Positive and negative cosine over steps",
                Math.max(-1, Math.min(0, fitted.low())),
                1,
                List.of(positive, negative));
    }

    private static void chart(StringBuilder out, String style, String title, LineChart chart) {
        out.append("<div class=\"")
                .append(style)
                .append("\"><h3>")
                .append(title)
                .append("</h3>")
                .append(chart.html())
                .append("</div>\n");
    }

    private double[] values(ToDoubleFunction<MetricsCsv.Row> column) {
        return rows.stream().mapToDouble(column).toArray();
    }

    /** Of each step, the last that was measured. */
    private double[] effectiveRanks() {
        double[] ranks = new double[rows.size()];
        double last = Double.NaN;
        for (int i = 0; i < ranks.length; i++) {
            last = rows.get(i).effectiveRank().orElse(last);
            ranks[i] = last;
        }
        return ranks;
    }

    private void views(StringBuilder out) {
        if (viewPairs.isEmpty()) {
            return;
        }
        Html.section(
                out,
                "What the network saw",
                "From each image two random views are made; the network learns to predict one view's projection from"
                        + " the other, so it keeps what both share and drops what differs.");
        out.append("<div class=\"pairs\">\n");
        for (ViewPair pair : viewPairs) {
            out.append("<div class=\"card pair\">");
            Html.figure(out, "", pair.original, "image", "image");
            Html.figure(out, "", pair.first, "first view", "first view");
            Html.figure(out, "", pair.second, "second view", "second view");
            out.append("</div>\n");
        }
        out.append("</div>\n</section>\n");
    }

    private void tables(StringBuilder out) {
        Html.section(
                out, "How it was run", "The settings, the device and the versions behind every number on this page.");
        out.append("<div class=\"grid\">\n");
        Html.table(out, "Settings", report.config());
        Html.table(out, "Versions", report.versions());
        out.append("</div>\n</section>\n");
    }

    private static String displayName(String method) {
        return switch (method) {
            case "byol" -> "BYOL";
            case "simsiam" -> "SimSiam";
            default -> method;
        };
    }
}
