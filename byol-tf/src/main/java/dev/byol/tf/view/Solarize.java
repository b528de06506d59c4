package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Inverts all samples at or above a threshold. */
final class Solarize implements PixelOperation {
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> threshold) {
        return tf.select(tf.math.less(x, threshold), x, tf.math.sub(tf.constant(Planes.WHITE), x));
    }
}
