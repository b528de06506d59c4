package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws a rectangle of random area and proportions and resizes it to a square: torchvision's {@code RandomResizedCrop}.
 * Area uniform, logarithm of width / height uniform, sides rounded half to even, position uniform; after ten rectangles
 * that do not fit, the largest central one of allowed proportions.
 *
 * @param side the square's pixels, at least 1
 * @param minArea smallest area as a fraction of the image, above 0
 * @param maxArea largest area as a fraction of the image, up to 1
 * @param minAspect smallest width / height, above 0
 * @param maxAspect largest width / height
 * @param interpolation how the samples are weighed
 */
public record RandomResizedCrop(
        int side, double minArea, double maxArea, double minAspect, double maxAspect, Interpolation interpolation)
        implements Augmentation {
    private static final int ATTEMPTS = 10;

    /** @throws IllegalArgumentException if a range is empty or {@code side} is below 1 */
    public RandomResizedCrop {
        Check.atLeast("crop side", side, 1);
        if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
            throw new IllegalArgumentException(
                    "crop area must be a range within (0, 1], got [" + minArea + ", " + maxArea + "]");
        }
        if (!(minAspect > 0 && minAspect <= maxAspect && maxAspect < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "crop aspect must be a range above 0, got [" + minAspect + ", " + maxAspect + "]");
        }
    }

    /**
     * An area from {@code minArea} to {@code maxArea}, and torchvision's proportions, 3/4 to 4/3.
     *
     * @throws IllegalArgumentException if the range is empty or {@code side} is below 1
     */
    public RandomResizedCrop(int side, double minArea, double maxArea, Interpolation interpolation) {
        this(side, minArea, maxArea, 3.0 / 4.0, 4.0 / 3.0, interpolation);
    }

    /**
     * An area from {@code minArea} to the whole image, torchvision's proportions, 3/4 to 4/3, and bilinear.
     *
     * @throws IllegalArgumentException if {@code minArea} is outside (0, 1] or {@code side} is below 1
     */
    public RandomResizedCrop(int side, double minArea) {
        this(side, minArea, 1, Interpolation.BILINEAR);
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        return List.of(crop(random, input));
    }

    private ResizedCrop crop(RandomGenerator random, Size input) {
        double whole = (double) input.width() * input.height();
        for (int i = 0; i < ATTEMPTS; i++) {
            double area = Draws.uniform(random, minArea, maxArea) * whole;
            double aspect = StrictMath.exp(Draws.uniform(random, StrictMath.log(minAspect), StrictMath.log(maxAspect)));
            double width = Math.rint(Math.sqrt(area * aspect));
            double height = Math.rint(Math.sqrt(area / aspect));
            if (width >= 1 && width <= input.width() && height >= 1 && height <= input.height()) {
                int top = random.nextInt(input.height() - (int) height + 1);
                int left = random.nextInt(input.width() - (int) width + 1);
                return crop(top, left, (int) height, (int) width);
            }
        }
        return largest(input);
    }

    private ResizedCrop largest(Size input) {
        int width = input.width();
        int height = input.height();
        double aspect = (double) width / height;
        if (aspect < minAspect) {
            height = fit(width / minAspect, height);
        } else if (aspect > maxAspect) {
            width = fit(height * maxAspect, width);
        }
        return crop((input.height() - height) / 2, (input.width() - width) / 2, height, width);
    }

    private static int fit(double pixels, int most) {
        return (int) Math.max(1, Math.min(most, Math.rint(pixels)));
    }

    private ResizedCrop crop(int top, int left, int height, int width) {
        return new ResizedCrop(top, left, height, width, new Size(side, side), interpolation);
    }
}
