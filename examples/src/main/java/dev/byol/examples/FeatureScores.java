package dev.byol.examples;

import dev.byol.eval.Bootstrap;
import dev.byol.eval.CSweep;
import dev.byol.eval.Features;
import dev.byol.eval.FewLabels;
import dev.byol.eval.Knn;
import dev.byol.eval.LogisticRegression;
import dev.byol.eval.NearestNeighbours;
import dev.byol.eval.Neighbours;
import dev.byol.eval.Predictions;
import dev.byol.eval.Probe;
import dev.byol.eval.ProbeResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What probes make of frozen features. Nothing is chosen by test rows: C by rows held out of the training set, the number of
 * neighbours by custom.
 *
 * @param sweep how C was chosen
 * @param predictions of the linear probe for all test rows
 * @param linear what they are worth
 * @param uniform votes of the nearest, one for each {@linkplain #grid number} of voters
 * @param weighted the same votes weighted by similarity
 * @param fewLabels the linear probe with C = 1 on few labels
 */
record FeatureScores(
        CSweep.Swept sweep,
        Predictions predictions,
        ProbeResult linear,
        List<ProbeResult> uniform,
        List<ProbeResult> weighted,
        List<Few> fewLabels) {
    private static final List<Integer> VOTERS = List.of(1, 5, 10, 20, 50, 100, 200);
    private static final double TEMPERATURE = 0.07;
    private static final int DRAWS = 5;
    private static final Bootstrap NO_INTERVALS = new Bootstrap(100, 0.95, 1);

    /**
     * The linear probe on few labels.
     *
     * @param labels how many, in words
     */
    record Few(String labels, FewLabels.Outcome outcome) {}

    FeatureScores {
        uniform = List.copyOf(uniform);
        weighted = List.copyOf(weighted);
        fewLabels = List.copyOf(fewLabels);
    }

    /**
     * Fits on the first and scores on the second; rows without a label are left out of both.
     *
     * @throws BadInput if the features cannot be probed, with the reason
     */
    static FeatureScores of(Features train, Features test) {
        try {
            Features fit = train.labelledOnly();
            CSweep probe = new CSweep();
            CSweep.Swept sweep = probe.fit(fit);
            Predictions predictions = sweep.model().predict(test);
            ProbeResult linear =
                    ProbeResult.of(probe.name(), probe.settings(), train, test, predictions, new Bootstrap());
            List<Integer> voters = grid(fit.rows());
            Neighbours neighbours = NearestNeighbours.of(fit).neighbours(test, voters.get(voters.size() - 1));
            List<ProbeResult> uniform = new ArrayList<>();
            List<ProbeResult> weighted = new ArrayList<>();
            for (int k : voters) {
                uniform.add(vote(Knn.uniform(k), neighbours.vote(k), train, test));
                weighted.add(vote(Knn.weighted(k, TEMPERATURE), neighbours.vote(k, TEMPERATURE), train, test));
            }
            return new FeatureScores(sweep, predictions, linear, uniform, weighted, fewLabels(fit, test));
        } catch (IllegalArgumentException e) {
            throw new BadInput("these features cannot be probed: " + e.getMessage());
        }
    }

    private static ProbeResult vote(Probe probe, Predictions votes, Features train, Features test) {
        return ProbeResult.of(probe.name(), probe.settings(), train, test, votes, new Bootstrap());
    }

    /** The numbers of voters that so many training rows allow. */
    static List<Integer> grid(int rows) {
        return VOTERS.stream().filter(k -> k <= rows).toList();
    }

    /** The uniform vote of 20, or of as many as the grid has below that. */
    ProbeResult nearest() {
        int fewer =
                (int) VOTERS.stream().filter(k -> k <= Evaluation.NEIGHBOURS).count();
        return uniform.get(Math.min(fewer, uniform.size()) - 1);
    }

    /** The amounts that these labels have enough of, each number of images once. */
    private static List<Few> fewLabels(Features fit, Features test) {
        int[] counts = new int[fit.classes()];
        IntStream.range(0, fit.rows()).forEach(row -> counts[fit.label(row)]++);
        int smallest = IntStream.of(counts).filter(n -> n > 0).min().orElse(0);
        Map<String, FewLabels.Amount> amounts = new LinkedHashMap<>();
        for (int percent : List.of(1, 10)) {
            if (percent * smallest >= 100) {
                amounts.put(percent + " % of the labels", new FewLabels.Share(percent / 100.0));
            }
        }
        for (int rows : List.of(1, 10)) {
            if (rows < smallest) {
                amounts.put(
                        rows == 1 ? "1 image of each class" : rows + " images of each class",
                        new FewLabels.PerClass(rows));
            }
        }
        Set<List<Integer>> seen = new HashSet<>();
        List<Few> all = new ArrayList<>();
        amounts.forEach((words, amount) -> {
            List<Integer> drawn = IntStream.range(0, counts.length)
                    .filter(label -> counts[label] > 0)
                    .map(label -> amount.of(label, counts[label]))
                    .boxed()
                    .toList();
            if (seen.add(drawn)) {
                all.add(few(words, amount, fit, test));
            }
        });
        return all;
    }

    private static Few few(String words, FewLabels.Amount amount, Features fit, Features test) {
        Probe probe = LogisticRegression.builder().build();
        return new Few(words, new FewLabels(probe, amount, DRAWS, 1).score(fit, test, NO_INTERVALS));
    }
}
