package dev.byol.tf.view;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Multiplies the saturation of HSV, clipped to 1: every channel comes so much nearer to the largest one, or farther from it. */
final class HsvSaturation implements PixelOperation {
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> factor) {
        List<Operand<TFloat32>> rgb = Planes.split(tf, x);
        Operand<TFloat32> value = Planes.largest(tf, rgb);
        Operand<TFloat32> range = tf.math.sub(value, Planes.smallest(tf, rgb));
        Operand<TFloat32> k =
                tf.select(tf.math.lessEqual(tf.math.mul(factor, range), value), factor, tf.math.div(value, range));
        Operand<TFloat32> rounded = tf.math.add(value, tf.constant(0.5f));
        return tf.math.floor(tf.math.sub(rounded, tf.math.mul(tf.math.sub(value, x), k)));
    }
}
