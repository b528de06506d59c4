package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/**
 * The linear probe with its C chosen on rows held out of the training set: every C of a grid is fitted on the other rows and
 * scored on those, and the best one is fitted again on all training rows. Test rows take no part in the choice: {@link
 * #fit(Features)} does not know of any. This is how transfer by logistic regression is measured (Kornblith et al. 2019,
 * arXiv:1805.08974, appendix A.3, and the BYOL paper, arXiv:2006.07733, appendix C.1: 45 values on a logarithmic scale).
 *
 * <p>The held-out rows are drawn class by class, so that the share of each class is kept: {@code share} of its rows, rounded, at
 * least one; a class of a single row keeps it for the fit.
 *
 * @param base the settings but C
 * @param grid the values of C to try, at least two, positive and rising
 * @param share of each class's rows that is held out, in (0, 1)
 * @param seed of the draw of the held-out rows
 */
public record CSweep(LogisticRegression base, List<Double> grid, double share, long seed) implements Probe {
    /** Nine values from 1e-4 to 1e4, a fifth of the rows held out, seed 1. */
    public CSweep() {
        this(LogisticRegression.builder().build(), logarithmic(1e-4, 1e4, 9), 0.2, 1);
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if the grid has fewer than two values or does not rise, or a setting is out of its range
     */
    public CSweep {
        grid = ImmutableList.copyOf(grid);
        checkArgument(grid.size() >= 2, "a sweep needs at least two values of C, got %s", grid);
        for (int i = 0; i < grid.size(); i++) {
            double c = grid.get(i);
            checkArgument(c > 0 && Double.isFinite(c), "C must be positive and finite, got %s in the grid", c);
            checkArgument(i == 0 || c > grid.get(i - 1), "the grid of C must rise, got %s", grid);
        }
        checkArgument(share > 0 && share < 1, "the share held out must be in (0, 1), got %s", share);
    }

    /**
     * Values from the first to the last, both included, of equal ratios.
     *
     * @throws IllegalArgumentException if they are not positive and rising, or fewer than two
     */
    public static List<Double> logarithmic(double first, double last, int count) {
        checkArgument(
                first > 0 && last > first && Double.isFinite(last),
                "a logarithmic grid must rise from a positive value, got %s to %s",
                first,
                last);
        checkArgument(count >= 2, "a grid needs at least two values, got %s", count);
        ImmutableList.Builder<Double> grid = ImmutableList.builder();
        for (int i = 0; i < count - 1; i++) {
            grid.add(first * Math.pow(last / first, (double) i / (count - 1)));
        }
        return grid.add(last).build();
    }

    /**
     * What one C came to.
     *
     * @param c the inverse strength of the penalty
     * @param heldOutTop1 the share of held-out rows that are right, in [0, 1]
     */
    public record Trial(double c, double heldOutTop1) {}

    /**
     * A sweep's outcome.
     *
     * @param c the value of the best trial, the smallest of several (the strongest penalty)
     * @param trials of the whole grid, in its order
     * @param heldOutRows how many rows each trial was scored on
     * @param model fitted with that C on all training rows
     */
    public record Swept(double c, List<Trial> trials, int heldOutRows, LogisticModel model) {
        /** Copies the trials. */
        public Swept {
            trials = ImmutableList.copyOf(trials);
        }

        /** Whether the best C is the first or the last of the grid: a wider grid may have a better one. */
        public boolean atEdge() {
            return c == trials.get(0).c() || c == trials.get(trials.size() - 1).c();
        }
    }

    /**
     * Chooses C, and fits it on all rows.
     *
     * @param train the training rows, all of them labelled
     * @throws IllegalArgumentException as {@link LogisticRegression#fit(Features)} on the rows that are not held out, or if no
     *     class has two rows
     */
    public Swept fit(Features train) {
        Strata strata = Strata.of(train.requireLabelled(name()), seed);
        IntBinaryOperator heldOut =
                (label, rows) -> rows == 1 ? 0 : Math.min(rows - 1, Math.max(1, (int) Math.round(share * rows)));
        int[] held = strata.first(heldOut);
        checkArgument(
                held.length > 0,
                "a sweep holds out rows of classes with at least two, but all classes have a single one");
        Features validation = train.select(held);
        Features rest = train.select(strata.rest(heldOut));
        ImmutableList.Builder<Trial> trials = ImmutableList.builder();
        Trial best = new Trial(base.c(), -1);
        for (double c : grid) {
            Trial trial =
                    new Trial(c, base.withC(c).fit(rest).predict(validation).accuracy(validation));
            trials.add(trial);
            best = trial.heldOutTop1 > best.heldOutTop1 ? trial : best;
        }
        return new Swept(best.c, trials.build(), held.length, base.withC(best.c).fit(train));
    }

    @Override
    public String name() {
        return "logistic regression with C swept";
    }

    @Override
    public Map<String, String> settings() {
        return ImmutableMap.<String, String>builder()
                .put("grid of C", grid.toString())
                .put("share held out", Double.toString(share))
                .put("seed", Long.toString(seed))
                .put("tolerance", Double.toString(base.tolerance()))
                .put("maximal iterations", Integer.toString(base.maxIterations()))
                .put("standardised", Boolean.toString(base.standardise()))
                .buildOrThrow();
    }

    @Override
    public Predictions predict(Features train, Features test) {
        test.requireDimension(train.dimension());
        return fit(train).model().predict(test);
    }

    /** The settings of the result have the C that was chosen, too. */
    @Override
    public ProbeResult score(Features train, Features test, Bootstrap bootstrap) {
        Features fit = train.labelledOnly().requireVaried(name());
        test.requireDimension(train.dimension()).requireAnyLabel();
        Swept swept = fit(fit);
        Predictions predictions = swept.model().predict(test.withoutLabels());
        return ProbeResult.of(name(), settings(), train, test, predictions, bootstrap)
                .with("C", Double.toString(swept.c()));
    }
}
