package dev.byol.tf.view;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** What operations on planes of colour {@code [n, 3, H, W]} share. */
final class Planes {
    static final int CHANNELS = 3;
    static final float WHITE = 255;

    private Planes() {}

    /** Red, green and blue, {@code [n, 1, H, W]} each. */
    static List<Operand<TFloat32>> split(Ops tf, Operand<TFloat32> x) {
        return new ArrayList<>(tf.split(tf.constant(1), x, (long) CHANNELS).output());
    }

    static Operand<TFloat32> join(Ops tf, Operand<TFloat32> red, Operand<TFloat32> green, Operand<TFloat32> blue) {
        return tf.concat(List.of(red, green, blue), tf.constant(1));
    }

    static Operand<TFloat32> clip(Ops tf, Operand<TFloat32> x) {
        return tf.clipByValue(x, tf.constant(0f), tf.constant(WHITE));
    }

    /** {@code floor(x * 2^-bits)}, exact. */
    static Operand<TFloat32> shiftedRight(Ops tf, Operand<TFloat32> x, int bits) {
        return tf.math.floor(tf.math.mul(x, tf.constant(Math.scalb(1f, -bits))));
    }

    /** The grey values {@code [n, 1, H, W]}: ITU-R 601-2 in 16-bit fixed point, rounded; all sums are below 2^24. */
    static Operand<TFloat32> grey(Ops tf, Operand<TFloat32> x) {
        List<Operand<TFloat32>> rgb = split(tf, x);
        Operand<TFloat32> sum = tf.math.add(
                tf.math.add(tf.math.mul(rgb.get(0), tf.constant(19595f)), tf.math.mul(rgb.get(1), tf.constant(38470f))),
                tf.math.add(tf.math.mul(rgb.get(2), tf.constant(7471f)), tf.constant(32768f)));
        return shiftedRight(tf, sum, 16);
    }

    /** Pillow's blend: {@code from + factor * (to - from)} in float32, clipped and truncated. */
    static Operand<TFloat32> blend(Ops tf, Operand<TFloat32> from, Operand<TFloat32> to, Operand<TFloat32> factor) {
        return tf.math.floor(clip(tf, tf.math.add(from, tf.math.mul(factor, tf.math.sub(to, from)))));
    }

    /** The largest of three, pixel by pixel. */
    static Operand<TFloat32> largest(Ops tf, List<Operand<TFloat32>> rgb) {
        return tf.math.maximum(rgb.get(0), tf.math.maximum(rgb.get(1), rgb.get(2)));
    }

    /** The smallest of three, pixel by pixel. */
    static Operand<TFloat32> smallest(Ops tf, List<Operand<TFloat32>> rgb) {
        return tf.math.minimum(rgb.get(0), tf.math.minimum(rgb.get(1), rgb.get(2)));
    }

    /** What is at the places of a list that whole numbers name. */
    static Operand<TFloat32> lookUp(Ops tf, Operand<TFloat32> table, Operand<TFloat32> places) {
        return tf.gather(table, tf.dtypes.cast(places, TInt32.class), tf.constant(0));
    }
}
