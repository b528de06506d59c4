package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** torchvision's contrast: a blend with the image's mean grey value, rounded to a whole one. */
final class Contrast implements PixelOperation {
    private final int side;

    Contrast(int side) {
        this.side = side;
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> factor) {
        return Planes.blend(tf, meanGrey(tf, x), x, factor);
    }

    /**
     * {@code [n, 1, 1, 1]}: sums of lines are exact in float32, that of the image in float64, and half a unit in the numerator keeps
     * {@code sum / count + 1/2} off whole numbers, so that no rounding of the quotient matters.
     */
    private Operand<TFloat32> meanGrey(Ops tf, Operand<TFloat32> x) {
        double count = (double) side * side;
        Operand<TFloat32> lines = tf.reduceSum(Planes.grey(tf, x), tf.constant(3), ReduceSum.keepDims(true));
        Operand<TFloat64> sum =
                tf.reduceSum(tf.dtypes.cast(lines, TFloat64.class), tf.constant(2), ReduceSum.keepDims(true));
        Operand<TFloat64> halves = tf.math.add(tf.math.mul(sum, tf.constant(2.0)), tf.constant(count + 0.5));
        return tf.dtypes.cast(tf.math.floor(tf.math.div(halves, tf.constant(2 * count))), TFloat32.class);
    }
}
