package dev.byol.examples;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.byol.eval.Confusion;
import dev.byol.eval.Interval;
import dev.byol.eval.ProbeResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code evaluate} found: all that {@code evaluation.json} holds, and the numbers of the page.
 *
 * @param model where the encoder was loaded from
 * @param classNames by label; may have fewer than there are labels
 * @param learned of the encoder
 * @param untrained of the same network before its training, if it is there
 * @param mistakes of the linear probe that it is surest about
 * @param config settings in the order to show them
 * @param versions of what it stands on
 */
record EvaluationReport(
        String model,
        List<String> classNames,
        Examined learned,
        Optional<Examined> untrained,
        List<Mistakes.Mistake> mistakes,
        Map<String, Object> config,
        Map<String, String> versions) {
    EvaluationReport {
        classNames = List.copyOf(classNames);
        mistakes = List.copyOf(mistakes);
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /** The name of a class, or what stands for it. */
    String className(int label) {
        return Data.className(classNames, label);
    }

    String json() {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>();
        keys.put("model", model);
        keys.put("learned", network(learned));
        keys.put("untrained", untrained.map(this::network).orElse(null));
        List<Object> wrong = new ArrayList<>();
        for (Mistakes.Mistake mistake : mistakes) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("image", mistake.name());
            one.put("class", mistake.truth());
            one.put("takenFor", mistake.taken());
            one.put("confidence", Report.rounded(mistake.confidence(), 4));
            wrong.add(one);
        }
        keys.put("surestMistakes", wrong);
        keys.put("config", config);
        keys.put("versions", versions);
        try {
            return JSON.std
                            .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                            .asString(keys)
                    + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Object> network(Examined network) {
        FeatureScores scores = network.scores();
        Map<String, Object> keys = new LinkedHashMap<>();
        Map<String, Object> linear = result(scores.linear());
        linear.put("c", scores.sweep().c());
        linear.put("cAtEdgeOfGrid", scores.sweep().atEdge());
        linear.put("heldOutRows", scores.sweep().heldOutRows());
        linear.put("perClass", perClass(scores.linear().confusion()));
        linear.put("confusion", confusion(scores.linear().confusion()));
        keys.put("linear", linear);
        List<Object> knn = new ArrayList<>();
        scores.uniform().forEach(r -> knn.add(result(r)));
        scores.weighted().forEach(r -> knn.add(result(r)));
        keys.put("knn", knn);
        List<Object> few = new ArrayList<>();
        for (FeatureScores.Few each : scores.fewLabels()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("labels", each.labels());
            one.put("rows", each.outcome().results().get(0).trainRows());
            one.put("draws", each.outcome().results().size());
            one.put("meanTop1", percent(each.outcome().mean()));
            one.put("deviation", percent(each.outcome().deviation()));
            few.add(one);
        }
        keys.put("fewLabels", few);
        Map<String, @Nullable Object> measures = new LinkedHashMap<>();
        for (FeatureMeasures.Row row : FeatureMeasures.ROWS) {
            double value = row.value().applyAsDouble(network.measures());
            measures.put(row.key(), Double.isFinite(value) ? value : null);
        }
        measures.put("images", network.measures().plain().rows());
        measures.put("imagesWithViews", network.measures().views().rows());
        keys.put("measures", measures);
        keys.put("singularValues", network.measures().plain().spectrum().values());
        return keys;
    }

    /** Accuracies in percent. */
    private static Map<String, Object> result(ProbeResult result) {
        Interval interval = result.interval();
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("probe", result.probe());
        keys.put("settings", result.settings());
        keys.put("top1", percent(result.top1()));
        keys.put("top5", percent(result.top5()));
        keys.put("interval", List.of(percent(interval.low()), percent(interval.high())));
        keys.put("level", interval.level());
        keys.put("rowsToFit", result.trainRows());
        keys.put("rowsToScore", result.testRows());
        keys.put("unlabelledLeftOut", result.unlabelledTrainRows() + result.unlabelledTestRows());
        return keys;
    }

    private static double percent(double share) {
        return Report.rounded(100 * share, 2);
    }

    private List<Object> perClass(Confusion confusion) {
        List<Object> all = new ArrayList<>();
        for (int label = 0; label < confusion.classes(); label++) {
            if (confusion.rows(label) > 0) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("label", label);
                one.put("class", className(label));
                one.put("rows", confusion.rows(label));
                one.put("top1", percent(confusion.accuracy(label).orElseThrow()));
                all.add(one);
            }
        }
        return all;
    }

    /** What is not 0: the class, what it was taken for, and how often. */
    private static List<int[]> confusion(Confusion confusion) {
        List<int[]> all = new ArrayList<>();
        for (int truth = 0; truth < confusion.classes(); truth++) {
            for (int predicted = 0; predicted < confusion.classes(); predicted++) {
                int count = confusion.count(truth, predicted);
                if (count > 0) {
                    all.add(new int[] {truth, predicted, count});
                }
            }
        }
        return all;
    }
}
