package dev.byol.augment;

/**
 * Turns all hues by a fraction of the circle in HSV of floats: the hue of SimCLR's and BYOL's code
 * ({@code tf.image.adjust_hue}). Bytes are rounded to the nearest level once, where {@link Hue} goes through HSV of 8 bits as
 * Pillow does; of float images the two are the same. For RGB.
 *
 * @param shift in [-0.5, 0.5]; 0.5 gives the complementary colours
 */
public record HsvHue(double shift) implements Operation {
    /** @throws IllegalArgumentException if the shift is outside [-0.5, 0.5] */
    public HsvHue {
        Check.range("hue shift", shift, -0.5, 0.5);
    }

    @Override
    public boolean accepts(int channels) {
        return channels == 3;
    }

    /** @throws IllegalArgumentException if the image has not 3 channels */
    @Override
    public void apply(Canvas canvas) {
        Check.channels(this, canvas.channels());
        HueCircle.turn(canvas, shift);
    }
}
