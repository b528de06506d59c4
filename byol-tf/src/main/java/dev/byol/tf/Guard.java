package dev.byol.tf;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Fails a run in which one of some numbers is not finite, before anything is written that waits for it. */
final class Guard {
    private static final String MARK = "byol-java: a number is not finite";

    private Guard() {}

    /** What writes wait for, of a vector of numbers. */
    static Op of(Ops tf, Operand<TFloat32> numbers) {
        return tf.assertThat(
                tf.reduceAll(tf.math.isFinite(numbers), tf.constant(0)), List.<Operand<?>>of(tf.constant(MARK)));
    }

    /** Whether a run failed by a guard. */
    static boolean stopped(TFInvalidArgumentException failure) {
        return String.valueOf(failure.getMessage()).contains(MARK);
    }
}
