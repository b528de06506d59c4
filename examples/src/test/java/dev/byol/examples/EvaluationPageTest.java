package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.eval.Features;
import dev.byol.eval.Measures;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class EvaluationPageTest {
    private static final Picture PICTURE = Picture.square(new byte[3 * 8 * 8], 8);

    private static Examined examined(Features train, Features test) {
        FeatureScores scores = FeatureScores.of(train, test);
        Measures measures = Measures.of(train, train);
        return new Examined(
                new Evaluation.Embedded(train, IntStream.range(0, train.rows()).toArray(), 0),
                new Evaluation.Embedded(test, IntStream.range(0, test.rows()).toArray(), 0),
                scores,
                new FeatureMeasures(measures, measures),
                PrincipalMap.of(test, 2000));
    }

    private static EvaluationReport report(Examined learned, Optional<Examined> untrained, List<String> names) {
        return new EvaluationReport(
                "runs/<a>/encoder",
                names,
                learned,
                untrained,
                List.of(new Mistakes.Mistake(PICTURE, "x.png", "<cat>", "dog", 0.97)),
                Map.of("seed", 1),
                Map.of("java", "17"));
    }

    private static String html(EvaluationReport report) {
        return new EvaluationPage(report, List.of(), List.of()).html();
    }

    /** Tags close in order: read as XML once entities and void elements are out of the way. */
    private static void assertWellFormed(String html) throws Exception {
        String xml = html.replace("<!DOCTYPE html>", "")
                .replaceAll("<(meta|link|img|br)([^>]*)>", "<$1$2/>")
                .replaceAll("&(nbsp|middot|plusmn|ndash);", " ");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @Test
    void html_twoClasses_withAndWithoutTheUntrainedNetwork() throws Exception {
        Examined learned = examined(FeatureScoresTest.apart(2, 20, 1), FeatureScoresTest.apart(2, 5, 2));
        String alone = html(report(learned, Optional.empty(), List.of("<cat>", "dog")));
        assertWellFormed(alone);
        assertThat(alone)
                .contains("100.0&nbsp;%</em> on learned features</h1>", "--untrained", "&lt;cat&gt;", "runs/&lt;a&gt;")
                .doesNotContain("<cat>", "http://www.w3.org/1999", "NaN", "other classes");
        String both = html(report(learned, Optional.of(learned), List.of("<cat>", "dog")));
        assertWellFormed(both);
        assertThat(both)
                .contains(", 100.0&nbsp;% untrained</h1>", ">Untrained <small>", "of untrained: 100.0 to 100.0");
    }

    @Test
    void html_collapsed_saysSo() {
        Features train = FeatureScoresTest.apart(2, 20, 1);
        float[] values = new float[train.rows() * 3];
        int[] labels = new int[train.rows()];
        for (int i = 0; i < labels.length; i++) {
            values[3 * i] = 1000;
            values[3 * i + 1] = train.value(i, 0);
            values[3 * i + 2] = train.value(i, 1);
            labels[i] = train.label(i);
        }
        Features together = Features.of(values, 3, labels);
        assertThat(html(report(examined(together, together), Optional.empty(), List.of())))
                .contains("These features have collapsed", "class 0");
    }

    @Test
    void html_aThousandClasses_staysSmall() throws Exception {
        int classes = 1000;
        int[] trainLabels =
                IntStream.range(0, 2 * classes).map(i -> i % classes).toArray();
        float[] train = new float[4 * trainLabels.length];
        java.util.Random random = new java.util.Random(5);
        for (int i = 0; i < train.length; i++) {
            train[i] = (float) random.nextGaussian();
        }
        Features fit = Features.of(train, 4, trainLabels);
        EvaluationReport report = report(examinedQuickly(fit), Optional.empty(), List.of());
        String html = html(report);
        assertWellFormed(html);
        assertThat(html.length()).isLessThan(300_000);
        assertThat(html)
                .contains("Of 1,000 classes, the 20 with the most mistakes", "other classes", "The other 970 classes")
                .contains("<span>others</span>");
        Map<String, Object> json = JSON.std.mapFrom(report.json());
        Map<?, ?> linear = (Map<?, ?>) ((Map<?, ?>) json.get("learned")).get("linear");
        assertThat((List<?>) linear.get("perClass")).hasSize(1000);
    }

    /** Without a linear probe of its own: the nearest neighbour's stands in for it. */
    private static Examined examinedQuickly(Features fit) {
        FeatureScores small = FeatureScores.of(FeatureScoresTest.apart(2, 4, 1), FeatureScoresTest.apart(2, 2, 2));
        dev.byol.eval.Knn three = dev.byol.eval.Knn.uniform(3);
        FeatureScores scores = new FeatureScores(
                small.sweep(),
                three.predict(fit, fit),
                three.score(fit, fit),
                small.uniform(),
                small.weighted(),
                small.fewLabels());
        Measures measures = Measures.of(fit, fit);
        Evaluation.Embedded embedded =
                new Evaluation.Embedded(fit, IntStream.range(0, fit.rows()).toArray(), 0);
        return new Examined(
                embedded, embedded, scores, new FeatureMeasures(measures, measures), PrincipalMap.of(fit, 2000));
    }

    @Test
    void scatter_groupsAndOthers_keepOneScale() {
        String svg = new ScatterPlot(
                        "a <map>",
                        new double[] {0, 10, 5},
                        new double[] {0, 0, 1},
                        new int[] {0, -1, 1},
                        List.of("<a>", "b"))
                .svg();
        assertThat(svg)
                .contains(
                        "viewBox=\"0 0 400 200\"",
                        "aria-label=\"a &lt;map&gt;\"",
                        "<path class=\"dots other\" d=\"M392.0",
                        "<title>&lt;a&gt;</title>")
                .contains("<path class=\"dots k0\" d=\"M8.0 119.2h0\"")
                .contains("<path class=\"dots k1\" d=\"M200.0 80.8h0\"");
    }

    @Test
    void confusion_manyClasses_showsThoseWithTheMostMistakes() {
        int classes = 30;
        int[] truth = IntStream.range(0, classes * 2).map(i -> i % classes).toArray();
        double[] scores = new double[truth.length * classes];
        for (int i = 0; i < truth.length; i++) {
            int predicted = i == 29 ? 28 : i == 59 ? 27 : truth[i]; // the last class is never right
            scores[i * classes + predicted] = 1;
        }
        Features rows = Features.of(new float[truth.length], 1, truth);
        ConfusionTable table = new ConfusionTable(
                dev.byol.eval.ProbeResult.of(
                                "none",
                                Map.of(),
                                rows,
                                rows,
                                dev.byol.eval.Predictions.of(scores, classes),
                                new dev.byol.eval.Bootstrap())
                        .confusion(),
                k -> "c" + k);
        assertThat(table.classes()).hasSize(30);
        assertThat(table.shown()).hasSize(20).contains(29).isSorted();
        assertThat(table.pairs())
                .containsExactly(new ConfusionTable.Pair(29, 27, 1), new ConfusionTable.Pair(29, 28, 1));
        StringBuilder out = new StringBuilder();
        table.matrix(out);
        assertThat(out.toString()).contains("<span>others</span>", "title=\"2 of 2\"");
    }
}
