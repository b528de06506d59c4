package dev.byol.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * What a study came to, as files: {@code index.html} with the table and every figure beside the published one, {@code
 * figures/NAME.svg} and {@code NAME.csv}, {@code table.csv}.
 *
 * @param scale of the study
 * @param data that it was made with
 * @param results of the runs that are done, by name; of each seed, from 1 on
 */
record StudyPage(StudyScale scale, String data, Map<String, List<StudyTraining.Result>> results) {

    /** Writes all files, each whole. */
    void write(Path folder) throws IOException {
        Path figures = Files.createDirectories(folder.resolve("figures"));
        for (StudyFigure figure : drawn()) {
            AtomicFiles.write(
                    figures.resolve(figure.name() + ".svg"),
                    figure.ours(scale, this::history).svg());
            AtomicFiles.write(figures.resolve(figure.name() + ".csv"), csv(figure.ours(scale, this::history)));
        }
        AtomicFiles.write(folder.resolve("table.csv"), tableCsv());
        AtomicFiles.write(folder.resolve("index.html"), html());
    }

    /** Of the first seed. */
    private StudyTraining.Result result(String run) {
        List<StudyTraining.Result> found = results.getOrDefault(run, List.of());
        if (found.isEmpty()) {
            throw new IllegalStateException("the run " + run + " is not done");
        }
        return found.get(0);
    }

    private StudyHistory history(String run) {
        return result(run).history();
    }

    private StudyFigure.Verdict judge(StudyFigure figure) {
        List<String> diverged = figure.runs().stream()
                .filter(run -> !result(run).diverged().isEmpty())
                .map(run -> run + " has diverged " + result(run).diverged())
                .toList();
        return diverged.isEmpty()
                ? figure.judge(scale, this::history)
                : StudyFigure.Verdict.notJudged("The run " + String.join("; ", diverged) + ".");
    }

    /** The figures whose runs are all done. */
    private List<StudyFigure> drawn() {
        return Study.FIGURES.stream()
                .filter(figure -> results.keySet().containsAll(figure.runs()))
                .toList();
    }

    private List<Study.Row> rows() {
        return Study.TABLE.stream()
                .filter(row -> row.untrained() ? !tableRuns().isEmpty() : results.containsKey(row.run()))
                .toList();
    }

    /** Of the row with the most seeds: the untrained encoder of a seed is the same in all. */
    private List<StudyTraining.Result> tableRuns() {
        return Study.TABLE.stream()
                .filter(row -> !row.untrained())
                .map(row -> results.getOrDefault(row.run(), List.of()))
                .max(Comparator.comparingInt(List::size))
                .orElse(List.of());
    }

    /** A mean over seeds, and how far the furthest is from it. */
    record Spread(double mean, double most, int seeds) {
        static Spread of(List<StudyTraining.Result> runs, ToDoubleFunction<StudyTraining.Result> value) {
            double mean = runs.stream().mapToDouble(value).average().orElse(Double.NaN);
            double most = runs.stream()
                    .mapToDouble(r -> Math.abs(value.applyAsDouble(r) - mean))
                    .max()
                    .orElse(0);
            return new Spread(mean, most, runs.size());
        }

        String text(int digits) {
            return Html.fixed(mean, digits) + (seeds > 1 ? " \u00b1 " + Html.fixed(most, digits) : "");
        }
    }

    private Spread accuracy(Study.Row row) {
        return row.untrained()
                ? Spread.of(tableRuns(), StudyTraining.Result::untrained)
                : Spread.of(results.getOrDefault(row.run(), List.of()), StudyTraining.Result::accuracy);
    }

    private Spread cosine(Study.Row row, ToDoubleFunction<StudyTraining.Result> value) {
        return Spread.of(results.getOrDefault(row.run(), List.of()), value);
    }

    /** What the table says, against what the published one says. */
    StudyFigure.Verdict tableVerdict() {
        List<String> missing = Study.TABLE.stream()
                .filter(row -> !row.untrained() && !results.containsKey(row.run()))
                .map(Study.Row::label)
                .toList();
        if (!missing.isEmpty()) {
            return StudyFigure.Verdict.notJudged("These rows are not done: " + String.join(", ", missing) + ".");
        }
        double byol = accuracyOf("table-byol");
        double projection = accuracyOf("table-projection-bn");
        double prediction = accuracyOf("table-prediction-bn");
        double none = accuracyOf("table-none");
        double layer = accuracyOf("table-layer-norm");
        double untrained =
                Spread.of(tableRuns(), StudyTraining.Result::untrained).mean();
        double collapsed = Math.min(
                Spread.of(results.getOrDefault("table-none", List.of()), StudyTraining.Result::negative)
                        .mean(),
                Spread.of(results.getOrDefault("table-layer-norm", List.of()), StudyTraining.Result::negative)
                        .mean());
        boolean ordered = byol > projection && projection >= prediction && prediction > Math.max(none, layer);
        boolean apart = byol >= Math.max(none, layer) + 10;
        boolean random = Math.abs(none - untrained) <= 3 && Math.abs(layer - untrained) <= 3;
        boolean agrees = ordered && apart && random && collapsed > StudyVerdicts.COLLAPSED;
        return StudyFigure.Verdict.of(
                agrees,
                String.format(
                        Locale.ROOT,
                        "BYOL %.1f, projection BN only %.1f, prediction BN only %.1f, no normalisation %.1f, layer norm %.1f,"
                                + " untrained %.1f: the order is %s; BYOL is %.1f points above the better of the last two, which"
                                + " are %.1f and %.1f points from untrained, with negative cosines of at least %.4f.",
                        byol,
                        projection,
                        prediction,
                        none,
                        layer,
                        untrained,
                        ordered ? "the published one" : "another one than published",
                        byol - Math.max(none, layer),
                        none - untrained,
                        layer - untrained,
                        collapsed));
    }

    /** The judgement of everything that is done, by name. */
    Map<String, StudyFigure.Verdict> verdicts() {
        Map<String, StudyFigure.Verdict> verdicts = new LinkedHashMap<>();
        if (!tableRuns().isEmpty()) {
            verdicts.put("table", tableVerdict());
        }
        drawn().forEach(figure -> verdicts.put(figure.name(), judge(figure)));
        return verdicts;
    }

    private double accuracyOf(String run) {
        return Spread.of(results.getOrDefault(run, List.of()), StudyTraining.Result::accuracy)
                .mean();
    }

    private String tableCsv() {
        StringBuilder out = new StringBuilder("variant,seeds,accuracy,accuracy_spread,positive_cosine,negative_cosine,"
                + "published_accuracy,published_positive_cosine,published_negative_cosine\n");
        for (Study.Row row : rows()) {
            Spread accuracy = accuracy(row);
            Spread positive = cosine(row, StudyTraining.Result::positive);
            Spread negative = cosine(row, StudyTraining.Result::negative);
            out.append(row.label())
                    .append(',')
                    .append(accuracy.seeds())
                    .append(',')
                    .append(accuracy.mean())
                    .append(',')
                    .append(accuracy.most())
                    .append(',')
                    .append(row.untrained() ? "" : Double.toString(positive.mean()))
                    .append(',')
                    .append(row.untrained() ? "" : Double.toString(negative.mean()))
                    .append(',')
                    .append(row.accuracy())
                    .append(',')
                    .append(cell(row.positive()))
                    .append(',')
                    .append(cell(row.negative()))
                    .append('\n');
        }
        return out.toString();
    }

    private static String cell(OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }

    private static String csv(Plot plot) {
        StringBuilder out = new StringBuilder("curve,epoch,value\n");
        for (Plot.Series series : plot.series()) {
            for (Plot.Point point : series.points()) {
                out.append('"')
                        .append(series.name())
                        .append("\",")
                        .append(point.x())
                        .append(',')
                        .append(point.y())
                        .append('\n');
            }
        }
        return out.toString();
    }

    String html() {
        StringBuilder out = new StringBuilder(1 << 18);
        header(out);
        if (!rows().isEmpty()) {
            table(out);
        }
        List<StudyFigure> figures = drawn();
        if (!figures.isEmpty()) {
            Html.section(
                    out,
                    "Figures",
                    "Left, key values that were read from the appendix\u2019s plot; right, ours, of seed 1."
                            + (scale == StudyScale.PAPER
                                    ? ""
                                    : " Their epochs are not ours: the appendix trained for up to 320 epochs of 105,000"
                                            + " images."));
            figures.forEach(figure -> figure(out, figure));
            out.append("</section>\n");
        }
        runs(out);
        out.append(
                "<footer>Written by byol-java, <code>./byol appendix</code>. Published values: A. Fetterman and J. Albrecht, 2020,"
                        + " \u201cUnderstanding self-supervised and contrastive learning with Bootstrap Your Own Latent\u201d and its"
                        + " appendix.</footer>\n");
        return Html.page("The appendix, reproduced", out, "report.css", "study.css");
    }

    private void header(StringBuilder out) {
        long agreeing = drawn().stream().filter(f -> judge(f).agrees()).count();
        out.append("<header>\n<p class=\"eyebrow\">BYOL &middot; scale ")
                .append(StudySetup.words(scale))
                .append("</p>\n<h1>Why BYOL does not collapse, <em>rerun</em></h1>\n<p class=\"lede\">")
                .append(
                        "The study behind \u201cUnderstanding self-supervised and contrastive learning with Bootstrap Your Own"
                                + " Latent\u201d: what batch norm, group norm, layer norm, weight decay, weight standardisation and LARS do"
                                + " to a network that could answer everything with one point. Trained on ")
                .append(Html.escape(data))
                .append(".</p>\n<dl class=\"facts\">\n");
        fact(
                out,
                "Runs",
                Integer.toString(results.values().stream().mapToInt(List::size).sum()));
        fact(out, "Figures drawn", drawn().size() + " of " + Study.FIGURES.size());
        fact(out, "Figures that agree", agreeing + " of " + drawn().size());
        fact(
                out,
                "Training time",
                Progress.duration(results.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(StudyTraining.Result::seconds)
                        .sum()));
        out.append("</dl>\n</header>\n");
    }

    private static void fact(StringBuilder out, String name, String value) {
        out.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("</dd></div>\n");
    }

    private void table(StringBuilder out) {
        Html.section(
                out,
                "The table",
                "Linear accuracy and mean cosines of z and z\u2032 over the last epoch: of the two views of one image (positive), and"
                        + " of different images (negative). Both at 1 is collapse.");
        out.append(
                "<div class=\"card scroll\"><table class=\"study\"><thead><tr><th>Variant</th><th class=\"number\">Accuracy, %</th>"
                        + "<th class=\"bars\"></th><th class=\"number\">Positive / negative cosine</th><th class=\"number\">Published</th>"
                        + "</tr></thead><tbody>\n");
        double most = rows().stream().mapToDouble(r -> accuracy(r).mean()).max().orElse(1);
        for (Study.Row row : rows()) {
            Spread accuracy = accuracy(row);
            out.append("<tr><th>")
                    .append(Html.escape(row.label()))
                    .append("</th><td class=\"number\"><b>")
                    .append(accuracy.text(1))
                    .append(String.format(
                            Locale.ROOT,
                            "</b></td><td class=\"bars\"><span class=\"%s\" style=\"width:%.1f%%\"></span></td><td class=\"number\">",
                            row.untrained() ? "untrained" : "trained",
                            100 * accuracy.mean() / most))
                    .append(
                            row.untrained()
                                    ? "\u2013"
                                    : cosine(row, StudyTraining.Result::positive)
                                                    .text(4) + " / "
                                            + cosine(row, StudyTraining.Result::negative)
                                                    .text(4))
                    .append("</td><td class=\"number soft\">")
                    .append(Html.fixed(row.accuracy(), 1))
                    .append(
                            row.positive().isPresent()
                                    ? " &middot; " + row.positive().getAsDouble() + " / "
                                            + row.negative().getAsDouble()
                                    : "")
                    .append("</td></tr>\n");
        }
        out.append("</tbody></table></div>\n");
        verdict(out, tableVerdict());
        out.append("</section>\n");
    }

    private static void verdict(StringBuilder out, StudyFigure.Verdict verdict) {
        out.append("<p class=\"verdict ")
                .append(!verdict.judged() ? "" : verdict.agrees() ? "agrees" : "differs")
                .append("\"><b>")
                .append(verdict.words())
                .append(".</b> ")
                .append(Html.escape(verdict.sentence()))
                .append("</p>\n");
    }

    private void figure(StringBuilder out, StudyFigure figure) {
        out.append("<article class=\"figure-pair\" id=\"")
                .append(figure.name())
                .append("\"><h3>")
                .append(Html.escape(figure.title()))
                .append("</h3><p class=\"what\">")
                .append(Html.escape(figure.caption()))
                .append("</p><div class=\"grid\">\n<figure class=\"card\"><p class=\"whose\">Published</p>");
        if (figure.published().isEmpty()) {
            out.append("<p class=\"unread\">No values were read from this plot.</p>");
        } else {
            out.append(figure.theirs().svg());
        }
        out.append("<figcaption>")
                .append(Html.escape(figure.says()))
                .append("</figcaption></figure>\n<figure class=\"card\"><p class=\"whose\">Ours</p>")
                .append(figure.ours(scale, this::history).svg())
                .append("</figure></div>\n");
        verdict(out, judge(figure));
        out.append("</article>\n");
    }

    private void runs(StringBuilder out) {
        Html.section(
                out,
                "Every run",
                "What each changes from the base, how long it was trained, and what it ran on; and what the collapse watch, fed the"
                        + " cosines of its steps, tells of each seed.");
        out.append(
                "<div class=\"card scroll\"><table class=\"study\"><thead><tr><th>Run</th><th>Changes</th><th>Budget</th>"
                        + "<th class=\"number\">Accuracy, %</th><th class=\"number\">Negative cosine</th><th>Watch</th><th class=\"number\">Time</th>"
                        + "</tr></thead><tbody>\n");
        List<StudyTraining.Result> all = new ArrayList<>();
        results.forEach((name, runs) -> {
            StudyRun run = Study.run(name);
            all.addAll(runs);
            out.append("<tr><th><code>")
                    .append(name)
                    .append("</code></th><td>")
                    .append(Html.escape(run.setup().changes()))
                    .append("</td><td>")
                    .append(Html.escape(run.budget(scale).toString()))
                    .append("</td><td class=\"number\">")
                    .append(runs.stream().allMatch(r -> r.diverged().isEmpty()) ? "" : "<b>diverged</b> ")
                    .append(Spread.of(runs, StudyTraining.Result::accuracy).text(1))
                    .append("</td><td class=\"number\">")
                    .append(Spread.of(runs, StudyTraining.Result::negative).text(4))
                    .append("</td><td>")
                    .append(StudyWatch.words(runs))
                    .append("</td><td class=\"number\">")
                    .append(Progress.duration(runs.stream()
                            .mapToDouble(StudyTraining.Result::seconds)
                            .sum()))
                    .append("</td></tr>\n");
        });
        out.append("</tbody></table></div>\n");
        for (StudyTraining.Result result : all) {
            out.append("<details><summary><code>")
                    .append(Html.escape(result.config().getOrDefault("run", "")))
                    .append("</code>, seed ")
                    .append(Html.escape(result.config().getOrDefault("seed", "")))
                    .append("</summary><dl class=\"settings\">");
            result.config()
                    .forEach((name, value) -> out.append("<div><dt>")
                            .append(Html.escape(name))
                            .append("</dt><dd>")
                            .append(Html.escape(value))
                            .append("</dd></div>"));
            out.append("</dl></details>\n");
        }
        out.append("</section>\n");
    }
}
