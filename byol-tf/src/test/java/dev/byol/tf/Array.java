package dev.byol.tf;

import dev.byol.api.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;

/** Doubles by index: closed forms of operations are written with it as their definitions read. */
final class Array {
    final Shape shape;
    final double[] values;

    private Array(Shape shape, double... values) {
        this.shape = shape;
        this.values = values;
    }

    static Array of(Shape shape, double... values) {
        if (values.length != shape.size()) {
            throw new IllegalArgumentException(shape + " needs " + shape.size() + " values, got " + values.length);
        }
        return new Array(shape, values.clone());
    }

    static Array of(Shape shape, float... values) {
        return of(shape, doubles(values));
    }

    static double[] doubles(float... values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    /** The value at every index. */
    static Array fill(Shape shape, ToDoubleFunction<int[]> value) {
        double[] values = new double[shape.size()];
        int[] index = new int[shape.rank()];
        for (int i = 0; i < values.length; i++) {
            int rest = i;
            for (int axis = shape.rank() - 1; axis >= 0; axis--) {
                index[axis] = rest % shape.dimension(axis);
                rest /= shape.dimension(axis);
            }
            values[i] = value.applyAsDouble(index);
        }
        return new Array(shape, values);
    }

    /** Values 0.125 apart around 0 in random order: none is near another one, near 0, or inexact in float32. */
    static Array distinct(long seed, int... dimensions) {
        Shape shape = Shape.of(dimensions);
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[shape.size()];
        for (int i = 0; i < values.length; i++) {
            int j = random.nextInt(i + 1);
            values[i] = values[j];
            values[j] = (i - values.length / 2) * 0.125 + 0.0625;
        }
        return new Array(shape, values);
    }

    /** The value at an index; aligned at the last axis, and an axis of size 1 stretches. */
    double at(int... index) {
        int offset = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            int i = index[index.length - shape.rank() + axis];
            offset = offset * shape.dimension(axis) + (shape.dimension(axis) == 1 ? 0 : i);
        }
        return values[offset];
    }

    /** The value at an index, 0 outside. */
    double atOrZero(int... index) {
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (index[axis] < 0 || index[axis] >= shape.dimension(axis)) {
                return 0;
            }
        }
        return at(index);
    }

    Array map(DoubleUnaryOperator f) {
        return fill(shape, i -> f.applyAsDouble(at(i)));
    }

    Array zip(Array other, DoubleBinaryOperator f) {
        return fill(shape.broadcast(other.shape), i -> f.applyAsDouble(at(i), other.at(i)));
    }

    Array plus(Array other) {
        return zip(other, (a, b) -> a + b);
    }

    Array minus(Array other) {
        return zip(other, (a, b) -> a - b);
    }

    Array times(Array other) {
        return zip(other, (a, b) -> a * b);
    }

    Array dividedBy(Array other) {
        return zip(other, (a, b) -> a / b);
    }

    /** The sum over axes, which stay as size 1. */
    Array sum(int... axes) {
        Shape reduced = shape;
        for (int axis : axes) {
            reduced = reduced.with(axis, 1);
        }
        double[] sums = new double[reduced.size()];
        Shape to = reduced;
        fill(shape, i -> {
            int offset = 0;
            for (int axis = 0; axis < to.rank(); axis++) {
                offset = offset * to.dimension(axis) + (to.dimension(axis) == 1 ? 0 : i[axis]);
            }
            sums[offset] += at(i);
            return 0;
        });
        return new Array(to, sums);
    }

    /** The mean over axes, which stay as size 1. */
    Array mean(int... axes) {
        Array sum = sum(axes);
        return sum.map(s -> s * sum.values.length / values.length);
    }

    double sum() {
        return Arrays.stream(values).sum();
    }

    Array reshape(int... dimensions) {
        return of(Shape.of(dimensions), values);
    }

    Array conv2d(Array kernel, int stride, int padding) {
        int height = (shape.dimension(1) + 2 * padding - kernel.shape.dimension(0)) / stride + 1;
        int width = (shape.dimension(2) + 2 * padding - kernel.shape.dimension(1)) / stride + 1;
        Shape result = Shape.of(shape.dimension(0), height, width, kernel.shape.dimension(3));
        return fill(result, i -> {
            int top = i[1] * stride - padding;
            int left = i[2] * stride - padding;
            double sum = 0;
            for (int y = 0; y < kernel.shape.dimension(0); y++) {
                for (int x = 0; x < kernel.shape.dimension(1); x++) {
                    for (int c = 0; c < kernel.shape.dimension(2); c++) {
                        sum += atOrZero(i[0], top + y, left + x, c) * kernel.at(y, x, c, i[3]);
                    }
                }
            }
            return sum;
        });
    }

    /** The largest of the pixels that there are in each window. */
    Array maxPool(int size, int stride, int padding) {
        int height = (shape.dimension(1) + 2 * padding - size) / stride + 1;
        int width = (shape.dimension(2) + 2 * padding - size) / stride + 1;
        Shape result = shape.with(1, height).with(2, width);
        return fill(result, i -> {
            double max = Double.NEGATIVE_INFINITY;
            for (int y = Math.max(0, i[1] * stride - padding);
                    y < Math.min(shape.dimension(1), i[1] * stride - padding + size);
                    y++) {
                for (int x = Math.max(0, i[2] * stride - padding);
                        x < Math.min(shape.dimension(2), i[2] * stride - padding + size);
                        x++) {
                    max = Math.max(max, at(i[0], y, x, i[3]));
                }
            }
            return max;
        });
    }

    Array softmax() {
        Array exp = map(Math::exp);
        return exp.dividedBy(exp.sum(-1));
    }

    /** Normalised over all axes but the last with the biased variance. */
    Array batchNorm(Array scale, Array offset, double epsilon) {
        Array centred = minus(mean(allButLast()));
        Array variance = centred.times(centred).mean(allButLast());
        return centred.dividedBy(variance.map(v -> Math.sqrt(v + epsilon)))
                .times(scale)
                .plus(offset);
    }

    /** The mean of each channel: {@code [C]}. */
    Array channelMean() {
        return mean(allButLast()).reshape(shape.dimension(-1));
    }

    /** The unbiased variance of each channel: {@code [C]}; 0 for a single value. */
    Array channelVariance() {
        Array centred = minus(mean(allButLast()));
        int count = values.length / shape.dimension(-1);
        return centred.times(centred)
                .sum(allButLast())
                .map(s -> s / Math.max(1, count - 1))
                .reshape(shape.dimension(-1));
    }

    private int[] allButLast() {
        int[] axes = new int[shape.rank() - 1];
        Arrays.setAll(axes, i -> i);
        return axes;
    }

    float[] floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
