package dev.byol.tf.view;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Adds levels to all samples, rounds and clips: the brightness of SimCLR's first and BYOL's code. */
final class AdditiveBrightness implements PixelOperation {
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> levels) {
        return Planes.clip(tf, tf.math.rint(tf.math.add(x, levels)));
    }
}
