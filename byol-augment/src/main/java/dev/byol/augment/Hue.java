package dev.byol.augment;

/**
 * Turns all hues by a fraction of the circle: torchvision's {@code adjust_hue} on Pillow images, that is, through HSV of
 * 8 bits a channel, which loses a little even when nothing is turned. For RGB.
 *
 * @param shift in [-0.5, 0.5]; 0.5 gives the complementary colours
 */
public record Hue(double shift) implements Operation {
    /** @throws IllegalArgumentException if the shift is outside [-0.5, 0.5] */
    public Hue {
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
        if (canvas.isFloat()) {
            HueCircle.turn(canvas, shift);
            return;
        }
        Hsv.shiftHue(canvas, steps());
    }

    /** In steps of 1/256 of the circle, as Pillow truncates. */
    int steps() {
        return (int) (shift * 255);
    }
}
