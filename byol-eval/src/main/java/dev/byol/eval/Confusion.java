package dev.byol.eval;

import static com.google.common.base.Preconditions.checkElementIndex;

import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * How many rows of each class were taken for which class. Classes are those of the training and the test set together: a class
 * that only the test set has is never predicted.
 */
public final class Confusion {
    private final int[] counts;
    private final int classes;

    /** Counts {@code [K, K]} by true class, then by predicted class; not copied. */
    Confusion(int[] counts, int classes) {
        this.counts = counts;
        this.classes = classes;
    }

    /** The number of classes K. */
    public int classes() {
        return classes;
    }

    /** How many rows of a class were taken for another, or for itself. */
    public int count(int truth, int predicted) {
        return counts[
                checkElementIndex(truth, classes, "class") * classes + checkElementIndex(predicted, classes, "class")];
    }

    /** How many rows a class has. */
    public int rows(int truth) {
        return IntStream.range(0, classes).map(k -> count(truth, k)).sum();
    }

    /** The share of a class's rows that are right, in [0, 1]; nothing where the class has no rows. */
    public OptionalDouble accuracy(int truth) {
        int rows = rows(truth);
        return rows == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) count(truth, truth) / rows);
    }

    /** The mean of the classes' accuracies, in [0, 1], so that a rare class counts as much as a common one. */
    public double meanPerClass() {
        return IntStream.range(0, classes)
                .mapToObj(this::accuracy)
                .flatMapToDouble(OptionalDouble::stream)
                .average()
                .orElseThrow();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Confusion of ").append(classes).append(" classes");
        for (int t = 0; t < classes; t++) {
            text.append(System.lineSeparator());
            for (int p = 0; p < classes; p++) {
                text.append(p == 0 ? "" : " ").append(count(t, p));
            }
        }
        return text.toString();
    }
}
