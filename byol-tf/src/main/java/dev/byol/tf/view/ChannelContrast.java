package dev.byol.tf.view;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/**
 * Moves every channel's samples from that channel's mean, rounds and clips: the contrast of SimCLR's and BYOL's code. What becomes of
 * each of the 256 levels is found out in float64, for 768 numbers an image, and looked up.
 */
final class ChannelContrast implements PixelOperation {
    private final int side;

    ChannelContrast(int side) {
        this.side = side;
    }

    /** @param factor {@code [n, 2, 1, 1]}, of which the sum is meant */
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> factor) {
        Operand<TFloat64> parts = tf.dtypes.cast(tf.squeeze(factor, Squeeze.axis(List.of(3L))), TFloat64.class);
        Operand<TFloat64> f = tf.reduceSum(parts, tf.constant(1), ReduceSum.keepDims(true));
        Operand<TFloat64> level = tf.range(tf.constant(0.0), tf.constant(256.0), tf.constant(1.0));
        Operand<TFloat64> mean = mean(tf, x);
        Operand<TFloat64> moved = tf.math.rint(tf.math.add(tf.math.mul(f, tf.math.sub(level, mean)), mean));
        Operand<TFloat32> table = Planes.clip(tf, tf.dtypes.cast(moved, TFloat32.class));
        return tf.gather(table, tf.dtypes.cast(x, TInt32.class), tf.constant(2), Gather.batchDims(2L));
    }

    /** {@code [n, 3, 1]} */
    private Operand<TFloat64> mean(Ops tf, Operand<TFloat32> x) {
        Operand<TFloat32> lines = tf.reduceSum(x, tf.constant(3));
        Operand<TFloat64> sum =
                tf.reduceSum(tf.dtypes.cast(lines, TFloat64.class), tf.constant(2), ReduceSum.keepDims(true));
        return tf.math.div(sum, tf.constant((double) side * side));
    }
}
