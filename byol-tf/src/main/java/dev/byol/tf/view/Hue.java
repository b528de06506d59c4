package dev.byol.tf.view;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Turns all hues as Pillow does, through HSV of 8 bits. The hue of 8 bits, which one bit more or less of a quotient changes by up to six
 * levels of a colour, is looked up; the rest is arithmetic on whole numbers below 2^23, with divisors that leave no ties.
 */
final class Hue implements PixelOperation {
    /** Hues of one brightest channel: for each range {@code max - min}, from its square on, by the difference of the two other channels. */
    private static final int SECTOR = 256 * 256;

    private static final int HUES = 256;
    /** Steps of a sixth of the circle; a step is half a level of hue. */
    private static final int STEPS = 85;

    private final Operand<TFloat32> hues;
    private final Operand<TFloat32> wheel;
    private final Operand<TFloat32> channels;

    Hue(Ops tf) {
        hues = tf.constant(hues());
        wheel = tf.constant(wheel());
        channels = tf.constant(new float[][][][] {{{{0}}, {{2 * HUES}}, {{4 * HUES}}}});
    }

    private static float[] hues() {
        float[] hues = new float[3 * SECTOR];
        for (int sector = 0; sector < 3; sector++) {
            for (int range = 1; range < 256; range++) {
                for (int difference = -range; difference <= range; difference++) {
                    hues[sector * SECTOR + range * (range + 1) + difference] = hue(sector, range, difference);
                }
            }
        }
        return hues;
    }

    /** In the float arithmetic of Python's colorsys as Pillow has it; {@code difference} is (g - b), (b - r) or (r - g). */
    private static int hue(int sector, int range, int difference) {
        float lower = (range - Math.max(difference, 0)) / (float) range;
        float upper = (range - Math.max(-difference, 0)) / (float) range;
        float h = sector == 0 ? upper - lower : (float) (2.0 * sector + upper - lower);
        return (int) ((float) ((h / 6.0 + 1.0) % 1.0) * 255.0);
    }

    /** For each channel and hue, twice around, how much of the saturation is taken from it, in 85ths. */
    private static float[] wheel() {
        float[] wheel = new float[Planes.CHANNELS * 2 * HUES];
        int[] opposites = {3 * STEPS, 5 * STEPS, STEPS}; // cyan, magenta, yellow
        for (int channel = 0; channel < opposites.length; channel++) {
            for (int hue = 0; hue < 2 * HUES; hue++) {
                int distance = Math.abs(2 * (hue % HUES) - opposites[channel]);
                distance = Math.min(distance, 6 * STEPS - distance);
                wheel[channel * 2 * HUES + hue] = Math.max(0, Math.min(STEPS, 2 * STEPS - distance));
            }
        }
        return wheel;
    }

    /** @param steps of 1/256 of the circle, from 0 to 255 */
    @Override
    public Operand<TFloat32> apply(Ops tf, Operand<TFloat32> x, Operand<TFloat32> steps) {
        List<Operand<TFloat32>> rgb = Planes.split(tf, x);
        Operand<TFloat32> value = Planes.largest(tf, rgb);
        Operand<TFloat32> range = tf.math.sub(value, Planes.smallest(tf, rgb));
        Operand<TFloat32> hue = tf.math.add(Planes.lookUp(tf, hues, place(tf, rgb, value, range)), steps);
        Operand<TFloat32> taken = Planes.lookUp(tf, wheel, tf.math.add(hue, channels));
        Operand<TFloat32> product = tf.math.mul(tf.math.mul(value, saturation(tf, value, range)), taken);
        return tf.math.sub(value, tf.math.rint(tf.math.mul(product, tf.constant(1f / (255 * STEPS)))));
    }

    private static Operand<TFloat32> place(
            Ops tf, List<Operand<TFloat32>> rgb, Operand<TFloat32> value, Operand<TFloat32> range) {
        Operand<TFloat32> red = rgb.get(0);
        Operand<TFloat32> green = rgb.get(1);
        Operand<TFloat32> blue = rgb.get(2);
        Operand<TFloat32> difference = tf.select(
                tf.math.equal(red, value),
                tf.math.sub(green, blue),
                tf.select(
                        tf.math.equal(green, value),
                        tf.math.add(tf.math.sub(blue, red), tf.constant((float) SECTOR)),
                        tf.math.add(tf.math.sub(red, green), tf.constant(2f * SECTOR))));
        return tf.math.add(difference, tf.math.mul(range, tf.math.add(range, tf.constant(1f))));
    }

    /** {@code floor(255 * range / value)}, kept off whole numbers so that no rounding of the quotient matters; 0 for black. */
    private static Operand<TFloat32> saturation(Ops tf, Operand<TFloat32> value, Operand<TFloat32> range) {
        Operand<TFloat32> numerator = tf.math.add(tf.math.mul(range, tf.constant(Planes.WHITE)), tf.constant(0.5f));
        return tf.math.floor(tf.math.div(numerator, tf.math.maximum(value, tf.constant(1f))));
    }
}
