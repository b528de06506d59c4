package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Pillow's {@code GaussianBlur}: three box filters along the lines and three across them, each rounded to whole levels. */
final class BoxBlur implements PixelOperation {
    private static final int PASSES = 3;
    private static final int WEIGHT_BITS = 24;

    private final int side;
    private final Operand<TFloat32> distances;

    BoxBlur(Ops tf, int side, int parameters) {
        this.side = side;
        this.distances = tf.constant(Border.REPLICATE.distances(parameters, side));
    }

    /** @param weights in 24-bit fixed point, by distance from the centre */
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> weights) {
        Operand<TFloat32> matrices = Blurs.matrices(tf, FixedPoint.parts(tf, Blurs.lines(tf, weights)), distances);
        // [2, n * side, side] to [n, side, 2 * side]
        Operand<TFloat32> both = tf.reshape(
                tf.linalg.transpose(
                        tf.reshape(matrices, tf.constant(new int[] {2, -1, side, side})),
                        tf.constant(new int[] {1, 2, 0, 3})),
                tf.constant(new int[] {-1, side, 2 * side}));
        return turned(tf, passes(tf, turned(tf, passes(tf, x, both)), both));
    }

    private Operand<TFloat32> passes(Ops tf, Operand<TFloat32> x, Operand<TFloat32> matrices) {
        Operand<TFloat32> lines = tf.reshape(x, tf.constant(new int[] {-1, Planes.CHANNELS * side, side}));
        for (int pass = 0; pass < PASSES; pass++) {
            lines = FixedPoint.rounded(tf, FixedPoint.product(tf, lines, false, matrices), 2, WEIGHT_BITS);
        }
        return tf.reshape(lines, tf.constant(new int[] {-1, Planes.CHANNELS, side, side}));
    }

    private static Operand<TFloat32> turned(Ops tf, Operand<TFloat32> x) {
        return tf.linalg.transpose(x, tf.constant(new int[] {0, 1, 3, 2}));
    }
}
