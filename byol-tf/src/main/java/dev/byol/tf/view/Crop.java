package dev.byol.tf.view;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Cuts a square out of each image and resizes it, antialiased, as Pillow does: along the lines, rounded, then across them, rounded; a
 * product of matrices each, whose weights were drawn.
 */
final class Crop {
    private static final int WEIGHT_BITS = 22;

    private final int side;
    final Axis columns;
    final Axis rows;

    /** The weights along one axis as they are fed: {@code [B, side]} and {@code [B, side, taps]}. */
    record Axis(Placeholder<TInt64> first, Placeholder<TFloat32> weights) {
        static Axis of(Ops tf, int side) {
            return new Axis(
                    tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(-1, side))),
                    tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, side, -1))));
        }
    }

    Crop(Ops tf, int side) {
        this.side = side;
        this.columns = Axis.of(tf, side);
        this.rows = Axis.of(tf, side);
    }

    /** @param images {@code [B, 3, H, W]}, any H and W */
    Operand<TFloat32> apply(Ops tf, Operand<TFloat32> images) {
        List<? extends Operand<TInt32>> size = tf.unstack(tf.shape(images), 4L).output();
        Operand<TInt32> height = size.get(2);
        Operand<TInt32> width = size.get(3);
        Operand<TFloat32> lines = tf.reshape(
                images,
                tf.stack(List.of(
                        tf.constant(-1), tf.math.mul(height, tf.constant(Planes.CHANNELS)), tf.identity(width))));
        Operand<TFloat32> along = FixedPoint.rounded(
                tf, FixedPoint.product(tf, lines, false, matrices(tf, columns, width)), 2, WEIGHT_BITS);
        Operand<TFloat32> planes = tf.reshape(
                along,
                tf.stack(List.of(
                        tf.constant(-1), tf.constant(Planes.CHANNELS), tf.identity(height), tf.constant(side))));
        Operand<TFloat32> across = tf.expandDims(matrices(tf, rows, height), tf.constant(1));
        return FixedPoint.rounded(tf, FixedPoint.product(tf, across, true, planes), 2, WEIGHT_BITS);
    }

    /** For each image what every pixel of a line gives to every pixel of the resized one, {@code [B, length, 2 * side]}: high parts, low parts. */
    private Operand<TFloat32> matrices(Ops tf, Axis axis, Operand<TInt32> length) {
        Operand<TInt64> n = tf.dtypes.cast(length, TInt64.class);
        List<? extends Operand<TInt64>> size =
                tf.unstack(tf.shape(axis.weights, TInt64.class), 3L).output();
        Operand<TInt64> zero = tf.constant(0L);
        Operand<TInt64> one = tf.constant(1L);
        Operand<TInt64> image = column(tf, tf.range(zero, size.get(0), one), -1, 1, 1);
        Operand<TInt64> tap = tf.range(zero, size.get(2), one);
        Operand<TInt64> to = column(tf, tf.range(zero, tf.constant((long) side), one), 1, -1, 1);
        Operand<TInt64> from = tf.math.minimum( // taps beyond the end are 0
                tf.math.add(tf.expandDims(axis.first, tf.constant(2)), tap), tf.math.sub(n, one));
        Operand<TInt64> line = tf.math.add(tf.math.mul(image, n), from);
        Operand<TInt64> high = tf.math.add(tf.math.mul(line, tf.constant(2L * side)), to);
        Operand<TInt64> both = tf.stack(List.of(high, tf.math.add(high, tf.constant((long) side))));
        Operand<TInt64> count = tf.math.mul(tf.math.mul(size.get(0), n), tf.constant(2L * side));
        Operand<TFloat32> dense = tf.scatterNd(
                tf.reshape(both, tf.constant(new int[] {-1, 1})),
                tf.reshape(FixedPoint.parts(tf, axis.weights), tf.constant(new int[] {-1})),
                tf.reshape(count, tf.constant(new int[] {1})));
        return tf.reshape(dense, tf.stack(List.of(size.get(0), tf.identity(n), tf.constant(2L * side))));
    }

    private static Operand<TInt64> column(Ops tf, Operand<TInt64> values, int... shape) {
        return tf.reshape(values, tf.constant(shape));
    }
}
