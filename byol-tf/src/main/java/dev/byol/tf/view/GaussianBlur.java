package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Convolution with a sampled Gaussian, along the lines and then across them, rounded once, half to even. Its sums are of fractions: what
 * lies near the middle of two levels may come out as either.
 */
final class GaussianBlur implements PixelOperation {
    private final int side;
    private final Operand<TFloat32> distances;

    GaussianBlur(Ops tf, int side, int parameters, Border border) {
        this.side = side;
        this.distances = tf.constant(border.distances(parameters, side));
    }

    /** @param weights by distance from the centre */
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights) {
        Operand<TFloat32> matrices = tf.reshape(
                Blurs.matrices(tf, Blurs.lines(tf, weights), distances), tf.constant(new int[] {-1, side, side}));
        Operand<TFloat32> lines = tf.reshape(x, tf.constant(new int[] {-1, Planes.CHANNELS * side, side}));
        Operand<TFloat32> along = tf.reshape(
                FixedPoint.product(tf, lines, false, matrices),
                tf.constant(new int[] {-1, Planes.CHANNELS, side, side}));
        Operand<TFloat32> across = FixedPoint.product(tf, tf.expandDims(matrices, tf.constant(1)), true, along);
        return Planes.clip(tf, tf.math.rint(across));
    }
}
