package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws a {@link GaussianBlur} with sigma uniform in a range.
 *
 * @param kernel pixels of the kernel along each axis, odd, in [1, 2001]
 * @param minSigma in pixels, above 0
 * @param maxSigma in pixels
 * @param border what lies outside the image
 */
public record RandomGaussianBlur(int kernel, double minSigma, double maxSigma, Border border) implements Augmentation {
    /** @throws IllegalArgumentException if the kernel is even or outside [1, 2001], or the range is empty or not above 0 */
    public RandomGaussianBlur {
        GaussianBlur.checkKernel(kernel);
        if (!(minSigma > 0 && minSigma <= maxSigma && maxSigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "blur sigma must be a range above 0, got [" + minSigma + ", " + maxSigma + "]");
        }
    }

    /**
     * The blur of SimCLR's and BYOL's code for views of a size: a kernel of a tenth of the side, made odd
     * ({@code 2 * floor(side / 20) + 1}: 23 of 224, 9 of 96), sigma uniform in [0.1, 2], and black outside.
     *
     * @param side the views' side in pixels
     * @throws IllegalArgumentException if {@code side} is below 1 or above 20,019
     */
    public static RandomGaussianBlur ofSide(int side) {
        Check.atLeast("side", side, 1);
        return new RandomGaussianBlur(2 * (side / 20) + 1, 0.1, 2.0, Border.ZERO);
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        return List.of(new GaussianBlur(kernel, Draws.uniform(random, minSigma, maxSigma), border));
    }
}
