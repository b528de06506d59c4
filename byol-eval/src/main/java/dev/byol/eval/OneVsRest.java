package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import java.lang.System.Logger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One logistic regression a class, each against all others, with liblinear's objective: the intercept is penalised like a
 * coefficient. For each class k, with {@code t_i = 1} for its rows and -1 for all others,
 *
 * <pre>
 * f_k(w, b) = C sum_i log(1 + exp(-t_i (w x_i + b))) + 1/2 (||w||^2 + b^2)
 * </pre>
 *
 * is minimised to convergence by L-BFGS. This is scikit-learn's {@code LogisticRegression(solver="liblinear")}, by which the
 * appendix's accuracies were measured during training (Fetterman and Albrecht 2020). It depends on the scale of the features,
 * which are taken as they are.
 *
 * @param c the inverse strength of the penalty C, positive
 * @param tolerance a fit has converged when no entry of its gradient is larger than {@code tolerance * min(1, C N)} in absolute
 *     value; positive
 * @param maxIterations the most iterations a class, at least 1
 */
public record OneVsRest(double c, double tolerance, int maxIterations) implements Probe {
    private static final Logger LOG = System.getLogger(OneVsRest.class.getName());

    /** C = 1, tolerance 1e-4, at most 5,000 iterations. */
    public OneVsRest() {
        this(1, 1e-4, 5000);
    }

    /**
     * Checks the settings.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public OneVsRest {
        checkArgument(c > 0 && Double.isFinite(c), "C must be positive and finite, got %s", c);
        checkArgument(
                tolerance > 0 && Double.isFinite(tolerance),
                "tolerance must be positive and finite, got %s",
                tolerance);
        checkArgument(maxIterations >= 1, "maximal iterations must be at least 1, got %s", maxIterations);
    }

    @Override
    public String name() {
        return "one-vs-rest logistic regression";
    }

    @Override
    public Map<String, String> settings() {
        return ImmutableMap.of(
                "C", Double.toString(c),
                "tolerance", Double.toString(tolerance),
                "maximal iterations", Integer.toString(maxIterations));
    }

    @Override
    public Predictions predict(Features train, Features test) {
        test.requireDimension(train.dimension());
        return fit(train).predict(test);
    }

    /**
     * Percent of right answers as the appendix took them: fitted on the first half of the rows, scored on the second half. Rows
     * that come class by class would leave classes out of the first half: of such, every other row is fitted, and the rest is
     * scored. Features that are all alike are no error here: a collapsed network has an accuracy too, that of chance.
     *
     * @param features of the test images, in the data's order, all of them labelled
     * @throws IllegalArgumentException as {@link #fit(Features)} on the first half
     */
    public double halves(Features features) {
        Halves halves = Halves.of(features.requireLabelled(name()));
        return 100 * fit(halves.first).predict(halves.second).accuracy(halves.second);
    }

    /**
     * The same as the result that all probes have; rows labelled -1 are left out of both halves, and counted with the second.
     *
     * @param bootstrap draws the confidence interval, over the second half's rows
     * @throws IllegalArgumentException as {@link #halves(Features)}, or if no row is labelled
     */
    public ProbeResult halves(Features features, Bootstrap bootstrap) {
        Halves halves = Halves.of(features.labelledOnly());
        Predictions predictions = fit(halves.first).predict(halves.second);
        return ProbeResult.of(name() + " on halves", settings(), halves.first, halves.second, predictions, bootstrap)
                .leavingOut(0, features.unlabelledRows());
    }

    private record Halves(Features first, Features second) {
        static Halves of(Features features) {
            checkArgument(features.rows() >= 2, "two halves need at least 2 rows, got %s", features.rows());
            int[] order = order(features.labels());
            int half = order.length / 2;
            return new Halves(
                    features.select(Arrays.copyOf(order, half)),
                    features.select(Arrays.copyOfRange(order, half, order.length)));
        }
    }

    private static int[] order(int[] labels) {
        int rows = labels.length;
        boolean byClass =
                labels[0] != labels[rows - 1] && IntStream.range(1, rows).allMatch(i -> labels[i - 1] <= labels[i]);
        return byClass
                ? IntStream.concat(
                                IntStream.range(0, rows / 2).map(i -> 2 * i + 1),
                                IntStream.range(0, (rows + 1) / 2).map(i -> 2 * i))
                        .toArray()
                : IntStream.range(0, rows).toArray();
    }

    /**
     * Fits a classifier for each class up to the largest label. Where one does not converge a warning is logged.
     *
     * @param train the training rows, all of them labelled
     * @throws IllegalArgumentException if a row is unlabelled, or there are fewer than two different labels
     */
    public OneVsRestModel fit(Features train) {
        train.requireLabelled("one-vs-rest logistic regression");
        int[] present = Arrays.stream(train.labels()).distinct().sorted().toArray();
        checkArgument(
                present.length >= 2,
                "one-vs-rest logistic regression needs rows of at least two classes, but all %s rows have the label %s",
                train.rows(),
                present[0]);
        int d = train.dimension();
        double[] coefficients = new double[train.classes() * d];
        double[] intercepts = new double[train.classes()];
        Arrays.fill(intercepts, Double.NEGATIVE_INFINITY);
        Optional<FloatProducts> products = FloatProducts.of(train.values(), d, present.length);
        for (int k : present) {
            double[] point = fitOne(train, k, products);
            for (int j = 0; j < d; j++) {
                coefficients[k * d + j] = point[d + j] - point[j];
            }
            intercepts[k] = point[2 * d + 1] - point[2 * d];
        }
        return new OneVsRestModel(coefficients, intercepts);
    }

    /**
     * A softmax of two classes is a logistic regression on the difference of their weights. At the solution these are opposite,
     * so that the penalty on both is half the one on the difference: C is halved.
     */
    private double[] fitOne(Features train, int label, Optional<FloatProducts> products) {
        int[] own = Arrays.stream(train.labels()).map(l -> l == label ? 1 : 0).toArray();
        Lbfgs lbfgs = new Lbfgs(new MultinomialLoss(train.values(), train.dimension(), own, 2, c / 2, true), products);
        double enough = tolerance / 2 * Math.min(1, c * train.rows());
        lbfgs.minimise(enough, maxIterations);
        if (lbfgs.largestGradient() > enough) {
            LOG.log(
                    Logger.Level.WARNING,
                    "one-vs-rest logistic regression has not converged for class {0}: after {1} of at most {2} iterations the"
                            + " largest entry of the gradient is {3}, above {4}",
                    label,
                    lbfgs.iterations(),
                    maxIterations,
                    Double.toString(lbfgs.largestGradient()),
                    Double.toString(enough));
        }
        return lbfgs.point();
    }
}
