package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import java.lang.System.Logger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The linear probe: multinomial logistic regression with an L2 penalty, fitted to convergence by L-BFGS. It minimises
 *
 * <pre>
 * f(W, b) = C sum_i -log softmax(W x_i + b)[y_i] + 1/2 ||W||^2
 * </pre>
 *
 * over {@code W [K, D]} and {@code b [K]}, the objective of scikit-learn's {@code LogisticRegression} (the intercept {@code b}
 * is not penalised). The penalty makes the solution unique but for a constant added to all intercepts, which is chosen so that
 * they sum to zero. The gradient bounds the distance to the solution: {@code ||W - W*|| <= ||grad f||}.
 *
 * @param c the inverse strength of the penalty C, positive; the loss is summed, not averaged, so that a larger training set is
 *     penalised less
 * @param tolerance the fit has converged when no entry of the gradient of f is larger than {@code tolerance * min(1, C N)} in
 *     absolute value (where {@code C N < 1} all gradients are small, the first one too); positive
 * @param maxIterations the most iterations of L-BFGS, at least 1
 * @param standardise whether the columns are standardised by the training set's statistics first, see {@link Standardisation}
 */
public record LogisticRegression(double c, double tolerance, int maxIterations, boolean standardise) implements Probe {
    private static final Logger LOG = System.getLogger(LogisticRegression.class.getName());

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public LogisticRegression {
        checkArgument(c > 0 && Double.isFinite(c), "C must be positive and finite, got %s", c);
        checkArgument(
                tolerance > 0 && Double.isFinite(tolerance),
                "tolerance must be positive and finite, got %s",
                tolerance);
        checkArgument(maxIterations >= 1, "maximal iterations must be at least 1, got %s", maxIterations);
    }

    /** A builder with C = 1, tolerance 1e-4, at most 5,000 iterations, on standardised features. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return "logistic regression";
    }

    @Override
    public Map<String, String> settings() {
        return ImmutableMap.of(
                "C", Double.toString(c),
                "tolerance", Double.toString(tolerance),
                "maximal iterations", Integer.toString(maxIterations),
                "standardised", Boolean.toString(standardise));
    }

    @Override
    public Predictions predict(Features train, Features test) {
        test.requireDimension(train.dimension());
        return fit(train).predict(test);
    }

    /** These settings with another C. */
    LogisticRegression withC(double other) {
        return new LogisticRegression(other, tolerance, maxIterations, standardise);
    }

    /**
     * Fits the probe. Where it does not converge, {@link LogisticModel#converged()} is false and a warning is logged.
     *
     * <p>A class index below the largest label that no row has gets coefficients of zero and an intercept of minus infinity: it
     * is never predicted, and does not change the fit of the others.
     *
     * @param train the training rows, all of them labelled
     * @throws IllegalArgumentException if a row is unlabelled, if all rows are alike, if there are fewer than two different
     *     labels, or if there are fewer rows than classes
     */
    public LogisticModel fit(Features train) {
        train.requireLabelled(name()).requireVaried(name());
        int[] present = IntStream.of(train.labels()).distinct().sorted().toArray();
        checkArgument(
                present.length >= 2,
                "logistic regression needs rows of at least two classes, but all %s rows have the label %s",
                train.rows(),
                present[0]);
        checkArgument(
                train.rows() >= train.classes(),
                "logistic regression of %s classes needs at least as many rows, got %s",
                train.classes(),
                train.rows());
        Optional<Standardisation> standardisation =
                standardise ? Optional.of(Standardisation.of(train)) : Optional.empty();
        Features x = standardisation.map(s -> s.apply(train)).orElse(train);
        int[] compact = new int[train.classes()];
        for (int k = 0; k < present.length; k++) {
            compact[present[k]] = k;
        }
        int[] labels = new int[x.rows()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = compact[x.label(i)];
        }
        MultinomialLoss loss = new MultinomialLoss(x.values(), x.dimension(), labels, present.length, c, false);
        Lbfgs lbfgs = new Lbfgs(loss, FloatProducts.of(x.values(), x.dimension(), present.length));
        double enough = tolerance * Math.min(1, c * train.rows());
        lbfgs.minimise(enough, maxIterations);
        boolean converged = lbfgs.largestGradient() <= enough;
        if (!converged) {
            LOG.log(
                    Logger.Level.WARNING,
                    "logistic regression has not converged: after {0} of at most {1} iterations the largest entry of the"
                            + " gradient is {2}, above {3}",
                    lbfgs.iterations(),
                    maxIterations,
                    Double.toString(lbfgs.largestGradient()),
                    Double.toString(enough));
        }
        double[] coefficients = new double[train.classes() * x.dimension()];
        double[] intercepts = new double[train.classes()];
        spread(lbfgs.point(), present, coefficients, intercepts);
        return new LogisticModel(
                coefficients,
                intercepts,
                standardisation,
                lbfgs.value(),
                lbfgs.largestGradient(),
                lbfgs.iterations(),
                converged);
    }

    /** Copies the solution for the classes that are present to their places among all, with intercepts that sum to zero. */
    private static void spread(double[] point, int[] present, double[] coefficients, double[] intercepts) {
        int d = coefficients.length / intercepts.length;
        int first = present.length * d;
        double mean = Arrays.stream(point, first, point.length).sum() / present.length;
        Arrays.fill(intercepts, Double.NEGATIVE_INFINITY);
        for (int k = 0; k < present.length; k++) {
            System.arraycopy(point, k * d, coefficients, present[k] * d, d);
            intercepts[present[k]] = point[first + k] - mean;
        }
    }

    /** Collects the settings of a {@link LogisticRegression}. Not safe for use by several threads at a time. */
    public static final class Builder {
        private double c = 1;
        private double tolerance = 1e-4;
        private int maxIterations = 5000;
        private boolean standardise = true;

        private Builder() {}

        /** The inverse strength of the penalty, positive. */
        public Builder c(double value) {
            c = value;
            return this;
        }

        /** The largest absolute entry that the gradient may have at the solution (scaled where C is tiny), positive. */
        public Builder tolerance(double value) {
            tolerance = value;
            return this;
        }

        /** The most iterations of L-BFGS, at least 1. */
        public Builder maxIterations(int value) {
            maxIterations = value;
            return this;
        }

        /** Whether columns are standardised by the training set's statistics first. */
        public Builder standardise(boolean value) {
            standardise = value;
            return this;
        }

        /**
         * The regression with these settings.
         *
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public LogisticRegression build() {
            return new LogisticRegression(c, tolerance, maxIterations, standardise);
        }
    }
}
