package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

/**
 * What a classifier says about {@code N} rows: scores {@code [N, K]} that are at least 0 and sum to 1 in each row, and the class
 * with the largest score, the lowest index where several share it.
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

    /** The score of a class for a row, in [0, 1]. */
    public double score(int row, int label) {
        return scores[checkElementIndex(row, rows(), "row") * classes + checkElementIndex(label, classes, "label")];
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
