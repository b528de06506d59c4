package dev.byol.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws a {@link BoxGaussianBlur} with sigma uniform in a range.
 *
 * @param minSigma in pixels, at least 0
 * @param maxSigma in pixels, at most 1000
 */
public record RandomBlur(double minSigma, double maxSigma) implements Augmentation {
    /** @throws IllegalArgumentException if the range is empty or not within [0, 1000] */
    public RandomBlur {
        if (!(minSigma >= 0 && minSigma <= maxSigma && maxSigma <= 1000)) {
            throw new IllegalArgumentException(
                    "blur sigma must be a range within [0, 1000], got [" + minSigma + ", " + maxSigma + "]");
        }
    }

    @Override
    public List<Operation> draw(RandomGenerator random, Size input) {
        return List.of(new BoxGaussianBlur(Draws.uniform(random, minSigma, maxSigma)));
    }
}
