package dev.byol.eval;

import java.util.Optional;

/** A fitted {@link LogisticRegression}: {@code p(k | x) = softmax(W x + b)[k]}, where x is standardised first if the fit was. */
public final class LogisticModel {
    private final double[] coefficients;
    private final double[] intercepts;
    private final Optional<Standardisation> standardisation;
    private final double objective;
    private final double gradient;
    private final int iterations;
    private final boolean converged;

    LogisticModel(
            double[] coefficients,
            double[] intercepts,
            Optional<Standardisation> standardisation,
            double objective,
            double gradient,
            int iterations,
            boolean converged) {
        this.coefficients = coefficients;
        this.intercepts = intercepts;
        this.standardisation = standardisation;
        this.objective = objective;
        this.gradient = gradient;
        this.iterations = iterations;
        this.converged = converged;
    }

    /** The number of classes K. */
    public int classes() {
        return intercepts.length;
    }

    /** The number of columns D. */
    public int dimension() {
        return coefficients.length / intercepts.length;
    }

    /** The coefficients W, {@code [K, D]}, row-major; those of standardised columns if the fit standardised. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    /** The intercepts b, {@code [K]}; minus infinity for a class that no training row has. */
    public double[] intercepts() {
        return intercepts.clone();
    }

    /** The statistics by which the fit standardised, if it did. */
    public Optional<Standardisation> standardisation() {
        return standardisation;
    }

    /** The objective f at the solution: C times the summed log loss, plus half the squared norm of W. */
    public double objective() {
        return objective;
    }

    /** The largest absolute entry of the objective's gradient at the solution. */
    public double gradient() {
        return gradient;
    }

    /** The number of L-BFGS iterations done. */
    public int iterations() {
        return iterations;
    }

    /** Whether {@link #gradient()} came down to the tolerance. */
    public boolean converged() {
        return converged;
    }

    /**
     * The class probabilities of each row.
     *
     * @param features {@code [N, D]}; labels are not looked at
     * @return probabilities {@code [N, K]}
     * @throws IllegalArgumentException if the number of columns is not the training set's
     */
    public Predictions predict(Features features) {
        features.requireDimension(dimension());
        Features x = standardisation.map(s -> s.apply(features)).orElse(features);
        int classes = classes();
        double[] point = new double[coefficients.length + classes];
        System.arraycopy(coefficients, 0, point, 0, coefficients.length);
        System.arraycopy(intercepts, 0, point, coefficients.length, classes);
        double[][] logits = MultinomialLoss.logits(x.values(), x.dimension(), point, classes);
        double[] scores = new double[x.rows() * classes];
        double[] z = new double[classes];
        for (int i = 0; i < x.rows(); i++) {
            for (int k = 0; k < classes; k++) {
                z[k] = logits[k][i];
            }
            MultinomialLoss.softmax(z);
            System.arraycopy(z, 0, scores, i * classes, classes);
        }
        return new Predictions(scores, classes);
    }

    @Override
    public String toString() {
        return "LogisticModel[" + classes() + ", " + dimension() + "] objective " + objective + ", "
                + (converged ? "converged in " : "NOT converged in ") + iterations + " iterations";
    }
}
