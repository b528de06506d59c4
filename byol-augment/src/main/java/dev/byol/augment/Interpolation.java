package dev.byol.augment;

/**
 * How a resized image's samples are weighed from the old ones: filters that widen when shrinking, so that every pixel counts
 * (antialiasing), as Pillow and torchvision have them.
 */
public enum Interpolation {
    /** The triangle {@code 1 - |x|}. */
    BILINEAR(1) {
        @Override
        double at(double x) {
            return Math.max(1 - Math.abs(x), 0);
        }
    },

    /** The cubic of Keys (1981), "Cubic convolution interpolation for digital image processing", with {@code a = -0.5}. */
    BICUBIC(2) {
        @Override
        double at(double x) {
            double t = Math.abs(x);
            if (t < 1) {
                return ((A + 2) * t - (A + 3)) * t * t + 1;
            }
            return t < 2 ? (((t - 5) * t + 8) * t - 4) * A : 0;
        }
    };

    private static final double A = -0.5;

    private final int support;

    Interpolation(int support) {
        this.support = support;
    }

    /** How far the filter reaches from its centre, in pixels of the coarser image. */
    int support() {
        return support;
    }

    abstract double at(double x);
}
