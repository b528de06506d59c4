package dev.byol.tf.view;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Turns all hues in HSV of floats and rounds once: the hue of SimCLR's and BYOL's code. */
final class HsvHue implements PixelOperation {
    private final Operand<TFloat32> reciprocals;

    HsvHue(Ops tf) {
        float[] values = new float[256];
        for (int i = 1; i < values.length; i++) {
            values[i] = 1f / i;
        }
        reciprocals = tf.constant(values);
    }

    /** @param turn in sixths of the circle */
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> turn) {
        List<Operand<TFloat32>> rgb = Planes.split(tf, x);
        Operand<TFloat32> red = rgb.get(0);
        Operand<TFloat32> green = rgb.get(1);
        Operand<TFloat32> blue = rgb.get(2);
        Operand<TFloat32> value = Planes.largest(tf, rgb);
        Operand<TFloat32> range = tf.math.sub(value, Planes.smallest(tf, rgb));
        Operand<TFloat32> reciprocal = Planes.lookUp(tf, reciprocals, range);
        Operand<TFloat32> sector = tf.select(
                tf.math.equal(red, value),
                tf.math.mul(tf.math.sub(green, blue), reciprocal),
                tf.select(
                        tf.math.equal(green, value),
                        tf.math.add(tf.constant(2f), tf.math.mul(tf.math.sub(blue, red), reciprocal)),
                        tf.math.add(tf.constant(4f), tf.math.mul(tf.math.sub(red, green), reciprocal))));
        Operand<TFloat32> h = wrapped(tf, tf.math.add(sector, turn));
        Operand<TFloat32> rounded = tf.math.add(tf.math.sub(value, range), tf.constant(0.5f));
        Operand<TFloat32> share = Planes.join(
                tf,
                unit(tf, tf.math.sub(distance(tf, h, 3), tf.constant(1f))),
                unit(tf, tf.math.sub(tf.constant(2f), distance(tf, h, 2))),
                unit(tf, tf.math.sub(tf.constant(2f), distance(tf, h, 4))));
        return tf.math.floor(tf.math.add(rounded, tf.math.mul(range, share)));
    }

    /** To [0, 6), from one turn around it. */
    private static Operand<TFloat32> wrapped(Ops tf, Operand<TFloat32> h) {
        Operand<TFloat32> circle = tf.constant(6f);
        Operand<TFloat32> positive = tf.select(tf.math.less(h, tf.constant(0f)), tf.math.add(h, circle), h);
        return tf.select(tf.math.less(positive, circle), positive, tf.math.sub(positive, circle));
    }

    private static Operand<TFloat32> distance(Ops tf, Operand<TFloat32> h, float from) {
        return tf.math.abs(tf.math.sub(h, tf.constant(from)));
    }

    private static Operand<TFloat32> unit(Ops tf, Operand<TFloat32> x) {
        return tf.clipByValue(x, tf.constant(0f), tf.constant(1f));
    }
}
