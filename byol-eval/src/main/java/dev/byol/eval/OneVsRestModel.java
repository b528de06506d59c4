package dev.byol.eval;

/** A fitted {@link OneVsRest}: the class with the largest {@code w_k x + b_k}. */
public final class OneVsRestModel {
    private static final double LARGE = 500;

    private final double[] coefficients;
    private final double[] intercepts;

    OneVsRestModel(double[] coefficients, double[] intercepts) {
        this.coefficients = coefficients;
        this.intercepts = intercepts;
    }

    /** The coefficients, {@code [K, D]}, row-major. */
    public double[] coefficients() {
        return coefficients.clone();
    }

    /** The intercepts, {@code [K]}; minus infinity for a class that no training row has. */
    public double[] intercepts() {
        return intercepts.clone();
    }

    /**
     * The classes' shares of each row, {@code sigmoid(w_k x + b_k)} divided by their sum, as scikit-learn has them.
     *
     * @param features {@code [N, D]}; labels are not looked at
     * @return shares {@code [N, K]}
     * @throws IllegalArgumentException if the number of columns is not the training set's
     */
    public Predictions predict(Features features) {
        int classes = intercepts.length;
        features.requireDimension(coefficients.length / classes);
        double[] point = new double[coefficients.length + classes];
        System.arraycopy(coefficients, 0, point, 0, coefficients.length);
        System.arraycopy(intercepts, 0, point, coefficients.length, classes);
        double[][] logits = MultinomialLoss.logits(features.values(), features.dimension(), point, classes);
        double[] scores = new double[features.rows() * classes];
        for (int i = 0; i < features.rows(); i++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                largest = Math.max(largest, logits[k][i]);
            }
            // All far below zero: sigmoids vanish, and their ratios become those of the exponentials.
            double shift = largest < -LARGE ? largest : 0;
            double sum = 0;
            for (int k = 0; k < classes; k++) {
                double z = logits[k][i];
                double score = shift == 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z - shift);
                scores[i * classes + k] = score;
                sum += score;
            }
            for (int k = 0; k < classes; k++) {
                scores[i * classes + k] /= sum;
            }
        }
        return new Predictions(scores, classes);
    }
}
