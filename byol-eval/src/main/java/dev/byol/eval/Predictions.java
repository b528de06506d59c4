package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

/**
 * What a classifier says about {@code N} rows: scores {@code [N, K]}, and the class with the largest score, the lowest index
 * where several share it. The scores of this package's probes are at least 0 and sum to 1 in each row.
 */
public final class Predictions {
    private final double[] scores;
    private final int classes;
    private final int[] predicted;

    /** Takes scores {@code [N, K]}, row-major, without copying them. */
    Predictions(double[] scores, int classes) {
        this.scores = scores;
        this.classes = classes;
        this.predicted = new int[scores.length / classes];
        for (int row = 0; row < predicted.length; row++) {
            int best = 0;
            for (int k = 1; k < classes; k++) {
                best = scores[row * classes + k] > scores[row * classes + best] ? k : best;
            }
            predicted[row] = best;
        }
    }

    /**
     * Predictions of another classifier.
     *
     * @param scores {@code [N, K]}, row-major, finite, the larger the likelier
     * @param classes the number of classes K, at least 1
     * @throws IllegalArgumentException if there is no whole row, or a score is not finite
     */
    public static Predictions of(double[] scores, int classes) {
        checkArgument(classes >= 1, "predictions need at least one class, got %s", classes);
        checkArgument(
                scores.length >= 1 && scores.length % classes == 0,
                "scores must be whole rows of %s classes, got %s values",
                classes,
                scores.length);
        for (int i = 0; i < scores.length; i++) {
            if (!Double.isFinite(scores[i])) {
                throw new IllegalArgumentException("scores must be finite, got " + scores[i] + " at row " + i / classes
                        + ", class " + i % classes);
            }
        }
        return new Predictions(scores.clone(), classes);
    }

    /** The number of rows N. */
    public int rows() {
        return predicted.length;
    }

    /** The number of classes K that can be predicted. */
    public int classes() {
        return classes;
    }

    /** The class predicted for a row. */
    public int label(int row) {
        return predicted[row];
    }

    /** The score of a class for a row. */
    public double score(int row, int label) {
        return scores[checkElementIndex(row, rows(), "row") * classes + checkElementIndex(label, classes, "label")];
    }

    /**
     * Whether a class is among the highest scores of a row; of equal scores, the lower class index is the higher. A class that
     * cannot be predicted is not.
     *
     * @param most how many of the highest scores are looked at
     */
    boolean isAmong(int row, int label, int most) {
        if (label >= classes) {
            return false;
        }
        double own = scores[row * classes + label];
        int higher = 0;
        for (int k = 0; k < classes; k++) {
            double other = scores[row * classes + k];
            higher += other > own || (other == own && k < label) ? 1 : 0;
        }
        return higher < most;
    }

    /**
     * The share of rows whose predicted class is the true one, in [0, 1] (not percent).
     *
     * @param truth the rows that the predictions are of, all of them labelled; a class that the training set did not have counts
     *     as wrong
     * @throws IllegalArgumentException if the number of rows differs, or if a row is unlabelled
     */
    public double accuracy(Features truth) {
        truth.requireLabelled("accuracy");
        checkArgument(
                truth.rows() == rows(), "accuracy of %s predictions was asked with %s labels", rows(), truth.rows());
        int right = 0;
        for (int row = 0; row < rows(); row++) {
            right += predicted[row] == truth.label(row) ? 1 : 0;
        }
        return (double) right / rows();
    }
}
