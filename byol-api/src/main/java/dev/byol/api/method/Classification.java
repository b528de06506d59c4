package dev.byol.api.method;

import dev.byol.api.Tensor;

/** What a linear classifier is trained by and judged by: over the labelled rows of a batch, all of the same weight. */
final class Classification {
    private final Tensor logits;
    private final Tensor targets;
    private final Tensor isLabelled;
    private final Tensor labelled;
    private final Tensor loss;

    /**
     * @param logits {@code [B, C]}
     * @param targets {@code [B, C]}: 1 at a row's class and 0 elsewhere; all 0 for a row without a label
     */
    Classification(Tensor logits, Tensor targets) {
        this.logits = logits;
        this.targets = targets;
        this.isLabelled = targets.sum(1);
        this.labelled = isLabelled.sum();
        this.loss = overLabelled(logits.logSoftmax().negate().times(targets));
    }

    /**
     * Targets of labels, row-major {@code [B, classes]}.
     *
     * @param labels of the rows; -1 for none
     * @throws IllegalArgumentException if a label is outside [-1, classes); the message names the row
     */
    static float[] targets(int classes, int... labels) {
        float[] targets = new float[Math.multiplyExact(labels.length, classes)];
        for (int row = 0; row < labels.length; row++) {
            int label = labels[row];
            if (label < -1 || label >= classes) {
                throw new IllegalArgumentException(
                        "the label of row " + row + " must be in [0, " + classes + "), or -1 for none, got " + label);
            }
            if (label >= 0) {
                targets[row * classes + label] = 1;
            }
        }
        return targets;
    }

    static void requireClasses(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("classes must be at least 2, got " + classes);
        }
    }

    /** The number of labelled rows, a scalar. */
    Tensor labelled() {
        return labelled;
    }

    /** The mean cross entropy of the labelled rows, a scalar; 0 if there are none. */
    Tensor loss() {
        return loss;
    }

    /** The loss where it is finite. Elsewhere 0, without a gradient: what diverges alone takes nothing along that it is added to. */
    Tensor finiteLoss() {
        return loss.negate().plus(Float.MAX_VALUE).wherePositive(loss, labelled.times(0));
    }

    /** The share of the labelled rows whose own logit is above all others, a scalar; 0 if there are none. */
    Tensor accuracy() {
        Tensor zeros = targets.times(0);
        Tensor own = logits.times(targets).sum(1);
        Tensor below =
                own.minus(logits).wherePositive(zeros.plus(1), zeros).sum(1); // never counts what is not a number
        double others = logits.shape().dimension(1) - 1;
        return overLabelled(below.minus(others - 0.5).wherePositive(isLabelled, isLabelled.times(0)));
    }

    private Tensor overLabelled(Tensor rows) {
        return rows.sum().dividedBy(labelled.maximum(1));
    }
}
