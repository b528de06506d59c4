package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A confidence interval.
 *
 * @param low its lower end
 * @param high its upper end, not below the lower one
 * @param level how often such an interval holds the true value, in (0, 1): 0.95 says in 95 of 100 samples of the test set
 */
public record Interval(double low, double high, double level) {
    /**
     * Checks the ends and the level.
     *
     * @throws IllegalArgumentException if one of them is NaN, if the ends are not in order, or if the level is not in (0, 1)
     */
    public Interval {
        checkArgument(low <= high, "the lower end must not be above the upper one, got %s and %s", low, high);
        checkArgument(level > 0 && level < 1, "level must be in (0, 1), got %s", level);
    }

    /** Whether a value lies between the ends, or is one of them. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
