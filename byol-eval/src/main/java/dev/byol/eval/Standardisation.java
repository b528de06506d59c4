package dev.byol.eval;

/**
 * Columns of zero mean and unit deviation, by the statistics of a training set: {@code (x - mean) / scale}.
 *
 * <p>The deviation is the biased one, {@code scale = sqrt(sum (x - mean)^2 / N)}; a column that is constant up to rounding gets
 * a scale of 1, so that it becomes zero. These are the conventions of scikit-learn's {@code StandardScaler}.
 */
public final class Standardisation {
    private static final double EPSILON = Math.ulp(1.0);

    private final double[] mean;
    private final double[] scale;

    private Standardisation(double[] mean, double[] scale) {
        this.mean = mean;
        this.scale = scale;
    }

    /** The statistics of a training set's columns. */
    public static Standardisation of(Features train) {
        int n = train.rows();
        int d = train.dimension();
        float[] values = train.values();
        double[] mean = new double[d];
        for (int at = 0; at < values.length; at += d) {
            for (int j = 0; j < d; j++) {
                mean[j] += values[at + j];
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] /= n;
        }
        double[] squares = new double[d];
        double[] rest = new double[d]; // the sum of x - mean, zero but for rounding
        for (int at = 0; at < values.length; at += d) {
            for (int j = 0; j < d; j++) {
                double centred = values[at + j] - mean[j];
                squares[j] += centred * centred;
                rest[j] += centred;
            }
        }
        double[] scale = new double[d];
        for (int j = 0; j < d; j++) {
            double variance = Math.max(0, (squares[j] - rest[j] * rest[j] / n) / n);
            double rounding = n * EPSILON * mean[j];
            boolean constant = variance <= n * EPSILON * variance + rounding * rounding;
            scale[j] = constant ? 1 : Math.sqrt(variance);
        }
        return new Standardisation(mean, scale);
    }

    /**
     * The same rows with every column shifted and scaled; labels stay.
     *
     * @throws IllegalArgumentException if the number of columns is not the training set's, or if a standardised value is too
     *     large for a float
     */
    public Features apply(Features features) {
        int d = mean.length;
        float[] from = features.requireDimension(d).values();
        float[] to = new float[from.length];
        for (int at = 0; at < from.length; at += d) {
            for (int j = 0; j < d; j++) {
                to[at + j] = (float) ((from[at + j] - mean[j]) / scale[j]);
            }
        }
        return features.withValues(to);
    }

    /** The means of the columns, {@code [D]}. */
    public double[] mean() {
        return mean.clone();
    }

    /** The deviations of the columns, {@code [D]}, 1 for a constant column. */
    public double[] scale() {
        return scale.clone();
    }
}
