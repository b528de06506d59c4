package dev.byol.augment;

import java.util.List;

/**
 * Builds the view of the appendix of Fetterman and Albrecht (2020): random resized crop, colour jitter, grayscale,
 * horizontal flip, blur, in this order. The defaults are theirs; both views of an image use the same recipe.
 */
public final class AppendixView {
    private int side = 96;
    private double minArea = 0.2;
    private ColorJitter jitter = new ColorJitter(0.4, 0.4, 0.4, 0.1);
    private double jitterProbability = 0.8;
    private double grayscale = 0.2;
    private double flip = 0.5;
    private double blur = 0.5;
    private RandomBlur blurSigma = new RandomBlur(0.1, 2.0);

    AppendixView() {}

    /**
     * Pixels of the square that every view is resized to; 96 by default.
     *
     * @throws IllegalArgumentException if below 1
     */
    public AppendixView side(int pixels) {
        Check.atLeast("crop side", pixels, 1);
        side = pixels;
        return this;
    }

    /**
     * The smallest area of a crop, as a fraction of the image; 0.2 by default.
     *
     * @throws IllegalArgumentException if outside (0, 1]
     */
    public AppendixView minArea(double fraction) {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new IllegalArgumentException("minimal crop area must be in (0, 1], got " + fraction);
        }
        minArea = fraction;
        return this;
    }

    /**
     * Strengths of the colour jitter; 0.4, 0.4, 0.4, 0.1 by default. All 0: no jitter.
     *
     * @throws IllegalArgumentException if one of the first three is negative or the hue is outside [0, 0.5]
     */
    public AppendixView jitter(double brightness, double contrast, double saturation, double hue) {
        jitter = new ColorJitter(brightness, contrast, saturation, hue);
        return this;
    }

    /**
     * How often the jitter is applied; 0.8 by default.
     *
     * @throws IllegalArgumentException if outside [0, 1]
     */
    public AppendixView jitterProbability(double probability) {
        Check.probability("jitter probability", probability);
        jitterProbability = probability;
        return this;
    }

    /**
     * How often a view is made grey; 0.2 by default.
     *
     * @throws IllegalArgumentException if outside [0, 1]
     */
    public AppendixView grayscale(double probability) {
        Check.probability("grayscale probability", probability);
        grayscale = probability;
        return this;
    }

    /**
     * How often a view is mirrored; 0.5 by default.
     *
     * @throws IllegalArgumentException if outside [0, 1]
     */
    public AppendixView flip(double probability) {
        Check.probability("flip probability", probability);
        flip = probability;
        return this;
    }

    /**
     * How often a view is blurred; 0.5 by default.
     *
     * @throws IllegalArgumentException if outside [0, 1]
     */
    public AppendixView blur(double probability) {
        Check.probability("blur probability", probability);
        blur = probability;
        return this;
    }

    /**
     * Standard deviation of the blur in pixels, uniform in a range; 0.1 to 2 by default.
     *
     * @throws IllegalArgumentException if the range is empty or not within [0, 1000]
     */
    public AppendixView blurSigma(double least, double most) {
        blurSigma = new RandomBlur(least, most);
        return this;
    }

    /** The view with these settings. */
    public View build() {
        return new View(
                side,
                List.of(
                        new RandomResizedCrop(side, minArea),
                        new RandomApply(jitterProbability, jitter),
                        new RandomApply(grayscale, new Grayscale()),
                        new RandomApply(flip, new HorizontalFlip()),
                        new RandomApply(blur, blurSigma)));
    }
}
