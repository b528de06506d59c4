package dev.byol.tf.view;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Products with matrices of weights in fixed point of more bits than float32 has for a sum. A weight is {@code 2^12 * high + low} of
 * whole numbers, of which {@code low} is at most 2^11 away from 0; the products with each are sums below 2^24, exact in any order.
 */
final class FixedPoint {
    private static final int LOW_BITS = 12;

    private FixedPoint() {}

    /** The high parts, and then the low parts, along a new first axis. */
    static Operand<TFloat32> parts(Ops tf, Operand<TFloat32> weights) {
        Operand<TFloat32> high =
                Planes.shiftedRight(tf, tf.math.add(weights, tf.constant((float) (1 << (LOW_BITS - 1)))), LOW_BITS);
        Operand<TFloat32> low = tf.math.sub(weights, tf.math.mul(high, tf.constant((float) (1 << LOW_BITS))));
        return tf.stack(List.of(high, low));
    }

    /** Adds the products with the high and the low parts, halves of an axis, rounds half up, and clips. */
    static Operand<TFloat32> rounded(Ops tf, Operand<TFloat32> products, int axis, int bits) {
        List<Output<TFloat32>> parts = tf.split(tf.constant(axis), products, 2L).output();
        Operand<TFloat32> carry = Planes.shiftedRight(tf, parts.get(1), LOW_BITS);
        Operand<TFloat32> half = tf.constant(Math.scalb(1f, bits - LOW_BITS - 1));
        Operand<TFloat32> sum = tf.math.add(tf.math.add(parts.get(0), half), carry);
        return Planes.clip(tf, Planes.shiftedRight(tf, sum, bits - LOW_BITS));
    }

    /** Products of the last two axes; {@code transposed} turns those of {@code a}. */
    static Operand<TFloat32> product(Ops tf, Operand<TFloat32> a, boolean transposed, Operand<TFloat32> b) {
        return tf.scope()
                .opBuilder("BatchMatMulV2", "Product")
                .addInput(a.asOutput())
                .addInput(b.asOutput())
                .setAttr("adj_x", transposed)
                .setAttr("adj_y", false)
                .build()
                .output(0);
    }
}
