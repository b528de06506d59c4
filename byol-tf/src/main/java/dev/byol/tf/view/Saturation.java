package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** torchvision's saturation: a blend of every pixel with its own grey value. */
final class Saturation implements PixelOperation {
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> factor) {
        return Planes.blend(tf, Planes.grey(tf, x), x, factor);
    }
}
