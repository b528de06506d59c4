package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The percentile bootstrap of a mean over test rows (Efron 1979, Annals of Statistics 7): as many rows as there are, drawn with
 * replacement, have a mean of their own, and the interval holds the middle share of such means. It says how far another test set
 * of the same kind and size may lie; the training set and the fitted classifier are held fixed, so that it does not say what
 * another seed of the training, or other labelled rows, would give.
 *
 * <p>Where all rows are right, or none is, every draw is the same and the interval has no width.
 *
 * @param resamples how many times rows are drawn, at least 100
 * @param level the share of the means inside, in (0, 1)
 * @param seed of the draws: the same seed gives the same interval
 */
public record Bootstrap(int resamples, double level, long seed) {
    private static final int FEWEST = 100;

    /** 2,000 resamples at a level of 0.95, with the seed 1. */
    public Bootstrap() {
        this(2000, 0.95, 1);
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if there are fewer than 100 resamples, or the level is not in (0, 1)
     */
    public Bootstrap {
        checkArgument(resamples >= FEWEST, "resamples must be at least %s, got %s", FEWEST, resamples);
        checkArgument(level > 0 && level < 1, "level must be in (0, 1), got %s", level);
    }

    /**
     * The interval of the mean.
     *
     * @param values one for each row, at least one
     * @throws IllegalArgumentException if there is no value, or one is not finite
     */
    public Interval ofMean(double[] values) {
        checkArgument(values.length >= 1, "a bootstrap needs at least one row, got none");
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("values must be finite, got " + values[i] + " at row " + i);
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[r] = sum / values.length;
        }
        Arrays.sort(means);
        double outside = (1 - level) / 2;
        return new Interval(quantile(means, outside), quantile(means, 1 - outside), level);
    }

    /** The sorted values' quantile, between two of them by a straight line. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
