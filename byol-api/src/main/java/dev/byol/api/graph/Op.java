package dev.byol.api.graph;

import dev.byol.api.Schedule;
import java.util.List;

/** What a {@link Node} computes from its inputs. Closed: an engine that handles each of them handles every method. */
public sealed interface Op {
    /** Operations on each element, or along the last axis; the inputs broadcast. */
    enum Pointwise implements Op {
        PLUS,
        MINUS,
        TIMES,
        DIVIDED_BY,
        MAXIMUM,
        MINIMUM,
        NEGATE,
        SQUARE,
        SQRT,
        EXP,
        LOG,
        RELU,
        SOFTMAX,
        LOG_SOFTMAX,
        /** Inputs: condition, then, otherwise. */
        WHERE_POSITIVE
    }

    /** Operations that need no attribute. */
    enum Plain implements Op {
        MATMUL,
        /** To the node's own shape. */
        RESHAPE,
        STOP_GRADIENT,
        /** The batch's mean, from a {@link BatchNormalize} node: {@code [C]}. */
        BATCH_MEAN,
        /** The batch's unbiased variance, from a {@link BatchNormalize} node: {@code [C]}. */
        BATCH_VARIANCE,
        /** The value before the step of a {@link ParameterNode}. */
        PARAMETER
    }

    /** A normalised view of the batch. */
    record View(int index) implements Op {}

    /** A value fed with every step. */
    record Input(String name) implements Op {}

    /** A schedule's value at the step. */
    record Scheduled(Schedule schedule) implements Op {}

    /** A scalar that never changes. */
    record Constant(double value) implements Op {}

    /** The value before the step of a state. */
    record ReadState(StateNode state) implements Op {}

    /** A value of the engine's own. */
    record External(Object value) implements Op {}

    /** The sum or the mean over axes, which stay as size 1, or over all, to a scalar. */
    record Reduce(boolean mean, List<Integer> axes, boolean keep) implements Op {}

    /** Axes reordered. */
    record Transpose(List<Integer> order) implements Op {}

    /** Two inputs joined. */
    record Concat(int axis) implements Op {}

    /** A range of an axis. */
    record Slice(int axis, int from, int to) implements Op {}

    /** Zeros around. */
    record Pad(List<Integer> before, List<Integer> after) implements Op {}

    /** Inputs: images, kernel. */
    record Conv2d(int stride, int padding) implements Op {}

    /** Largest value of each window. */
    record MaxPool(int size, int stride, int padding) implements Op {}

    /** Normalisation by the batch's own statistics. Inputs: x, scale, offset. */
    record BatchNormalize(double epsilon) implements Op {}

    /** Normalisation by given statistics. Inputs: x, scale, offset, mean, variance. */
    record Normalize(double epsilon) implements Op {}
}
