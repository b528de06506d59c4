package dev.byol.tf.view;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.types.TFloat32;

/** How blurs become matrices. */
final class Blurs {
    private Blurs() {}

    /** Weights as they come, {@code [n, distances, 1, 1]}, as lines {@code [n, distances]}. */
    static Operand<TFloat32> lines(Ops tf, Operand<TFloat32> weights) {
        return tf.squeeze(weights, Squeeze.axis(List.of(2L, 3L)));
    }

    /**
     * What each pixel of a line gives to each pixel of the blurred one.
     *
     * @param weights {@code [..., distances]}
     * @param distances a {@link Border}'s
     * @return {@code [..., side * side]}
     */
    static Operand<TFloat32> matrices(Ops tf, Operand<TFloat32> weights, Operand<TFloat32> distances) {
        return FixedPoint.product(tf, weights, false, distances);
    }
}
