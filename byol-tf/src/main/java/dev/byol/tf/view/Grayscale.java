package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Every pixel's grey value in all three channels. */
final class Grayscale implements PixelOperation {
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> none) {
        Operand<TFloat32> grey = Planes.grey(tf, x);
        return Planes.join(tf, grey, grey, grey);
    }
}
