package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Frozen features of a set of examples: values {@code [N, D]}, row-major, and one label for each row.
 *
 * <p>The arrays are taken as they are, not copied: whoever hands them over must not write to them afterwards. Labels are class
 * indices from 0; {@value #UNLABELLED} says that the class of a row is not known (as in STL-10's unlabelled split), and
 * everything that needs labels refuses such rows until they are left out by {@link #labelledOnly()}.
 */
public final class Features {
    /** The label of a row whose class is not known. */
    public static final int UNLABELLED = -1;

    private final float[] values;
    private final int dimension;
    private final int[] labels;
    private final int classes;
    private final int unlabelled;

    private Features(float[] values, int dimension, int[] labels) {
        checkArgument(dimension >= 1, "features must have at least one column, got a dimension of %s", dimension);
        checkArgument(labels.length >= 1, "features must have at least one row, got none");
        checkArgument(
                values.length == (long) labels.length * dimension,
                "%s rows of %s columns need %s values, got %s",
                labels.length,
                dimension,
                (long) labels.length * dimension,
                values.length);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("features must be finite, got " + values[i] + " at row "
                        + i / dimension + ", column " + i % dimension);
            }
        }
        int largest = UNLABELLED;
        int missing = 0;
        for (int i = 0; i < labels.length; i++) {
            checkArgument(
                    labels[i] >= UNLABELLED,
                    "labels must be class indices from 0, or -1 for unlabelled rows, got %s at row %s",
                    labels[i],
                    i);
            largest = Math.max(largest, labels[i]);
            missing += labels[i] == UNLABELLED ? 1 : 0;
        }
        this.values = values;
        this.dimension = dimension;
        this.labels = labels;
        this.classes = largest + 1;
        this.unlabelled = missing;
    }

    /**
     * Features with a label for each row.
     *
     * @param values {@code [N, D]}, row-major, finite; not copied
     * @param dimension the number of columns D, at least 1
     * @param labels {@code [N]}, class indices from 0, or {@value #UNLABELLED}; not copied
     * @throws IllegalArgumentException if there is no row, if the lengths do not fit each other, if a value is NaN or infinite
     *     (the message names its row and column), or if a label is below -1
     */
    public static Features of(float[] values, int dimension, int[] labels) {
        return new Features(values, dimension, labels);
    }

    /**
     * Features without labels: enough to ask for predictions or neighbours.
     *
     * @param values {@code [N, D]}, row-major, finite; not copied
     * @param dimension the number of columns D, at least 1
     * @throws IllegalArgumentException if there is no whole row, or if a value is NaN or infinite (the message names its row and
     *     column)
     */
    public static Features unlabelled(float[] values, int dimension) {
        int[] labels = new int[dimension < 1 ? 0 : values.length / dimension];
        Arrays.fill(labels, UNLABELLED);
        return new Features(values, dimension, labels);
    }

    /** The number of rows N. */
    public int rows() {
        return labels.length;
    }

    /** The number of columns D. */
    public int dimension() {
        return dimension;
    }

    /** The number of classes K: the largest label plus one, 0 where no row has a label. */
    public int classes() {
        return classes;
    }

    /** The value at a row and a column. */
    public float value(int row, int column) {
        return values[
                checkElementIndex(row, rows(), "row") * dimension + checkElementIndex(column, dimension, "column")];
    }

    /** The class index of a row, or {@value #UNLABELLED}. */
    public int label(int row) {
        return labels[row];
    }

    /** Whether all rows are the same, as those of a network that has collapsed; of one row, they are. */
    public boolean isConstant() {
        for (int i = dimension; i < values.length; i++) {
            if (values[i] != values[i - dimension]) {
                return false;
            }
        }
        return true;
    }

    /** How many rows are labelled {@value #UNLABELLED}: those that {@link #labelledOnly()} leaves out. */
    public int unlabelledRows() {
        return unlabelled;
    }

    /**
     * The rows that have a label, in the same order; {@link #unlabelledRows()} says how many are left out.
     *
     * @throws IllegalArgumentException if no row has a label
     */
    public Features labelledOnly() {
        if (unlabelled == 0) {
            return this;
        }
        requireAnyLabel();
        return select(IntStream.range(0, rows())
                .filter(row -> labels[row] != UNLABELLED)
                .toArray());
    }

    /** A copy of some of the rows, with their labels, in the order given. */
    Features select(int... chosen) {
        float[] kept = new float[chosen.length * dimension];
        int[] keptLabels = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(values, chosen[i] * dimension, kept, i * dimension, dimension);
            keptLabels[i] = labels[chosen[i]];
        }
        return new Features(kept, dimension, keptLabels);
    }

    /** The same rows, all of them unlabelled. */
    Features withoutLabels() {
        return unlabelled(values, dimension);
    }

    /** These rows and labels with other values. */
    Features withValues(float[] other) {
        return new Features(other, dimension, labels);
    }

    float[] values() {
        return values;
    }

    int[] labels() {
        return labels;
    }

    /** Refuses rows without a label. */
    Features requireLabelled(String what) {
        checkArgument(
                unlabelled == 0,
                "%s needs a label for each row, but %s of %s are labelled -1; leave them out with labelledOnly()",
                what,
                unlabelled,
                rows());
        return this;
    }

    /** Refuses a set in which no row has a label. */
    Features requireAnyLabel() {
        checkArgument(unlabelled < rows(), "no row is labelled: all %s have the label -1", rows());
        return this;
    }

    /** Refuses rows that are all alike: nothing tells one class from another. */
    Features requireVaried(String what) {
        checkArgument(
                !isConstant(),
                "%s needs features that differ between rows, but all %s rows are the same in all %s columns (column 0 is %s throughout)",
                what,
                rows(),
                dimension,
                values[0]);
        return this;
    }

    /** Refuses another number of columns. */
    Features requireDimension(int expected) {
        checkArgument(
                dimension == expected, "features have %s columns, expected %s as in training", dimension, expected);
        return this;
    }

    @Override
    public String toString() {
        return "Features[" + rows() + ", " + dimension + "] of " + classes + " classes"
                + (unlabelled == 0 ? "" : ", " + unlabelled + " rows unlabelled");
    }
}
