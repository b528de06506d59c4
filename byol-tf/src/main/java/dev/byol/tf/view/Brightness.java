package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** torchvision's multiplicative brightness: a blend with black. */
final class Brightness implements PixelOperation {
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> factor) {
        return tf.math.floor(Planes.clip(tf, tf.math.mul(factor, x)));
    }
}
