package dev.byol.examples;

import dev.byol.eval.Features;
import dev.byol.eval.Predictions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Test images that a probe is surest about, and wrong. */
final class Mistakes {
    private Mistakes() {}

    /**
     * One of them.
     *
     * @param name of the image in its source
     * @param truth the class that it has
     * @param taken the class that it was taken for
     * @param confidence the probe's probability of that class
     */
    record Mistake(Picture picture, String name, String truth, String taken, double confidence) {}

    /** The surest ones first. */
    static List<Mistake> worst(Data.Labelled set, Evaluation.Embedded test, Predictions predictions, int most) {
        Features features = test.features();
        return IntStream.range(0, features.rows())
                .filter(row -> features.label(row) != Features.UNLABELLED)
                .filter(row -> features.label(row) != predictions.label(row))
                .boxed()
                .sorted(Comparator.comparingDouble(row -> -confidence(predictions, row)))
                .limit(most)
                .map(row -> {
                    int index = test.indices()[row];
                    return new Mistake(
                            Neighbourhoods.picture(set.test(), index),
                            set.test().name(index),
                            set.className(features.label(row)),
                            set.className(predictions.label(row)),
                            confidence(predictions, row));
                })
                .toList();
    }

    private static double confidence(Predictions predictions, int row) {
        return predictions.score(row, predictions.label(row));
    }
}
