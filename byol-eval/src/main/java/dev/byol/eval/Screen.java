package dev.byol.eval;

/**
 * What lets most pairs of a query q and a training row x be passed over without being compared exactly. Both are shifted by the
 * training rows' mean m (after they are normalised, for cosines), so that the differences are what is rounded, and the score
 *
 * <pre>
 * s(q, x) = (q - m) . (x - m) + b(x),   b(x) = m . x for cosines,   b(x) = -||x - m||^2 / 2 for distances
 * </pre>
 *
 * <p>is computed in single precision; for one query it is in the order of the similarity. A sum of D products that are rounded one
 * by one is off by at most {@code D u} of the sum of their sizes, {@code u = 2^-24} (Higham, Accuracy and Stability of Numerical
 * Algorithms, section 3.1), and the sizes are bounded by the norms. A row whose score is further than that below the score of the
 * k-th best cannot be among the k best; all others are for an exact comparison.
 */
final class Screen {
    private static final double SINGLE = Math.scalb(1.01, -24);
    private static final double DOUBLE = Math.scalb(1.0, -53);
    private static final double UNDERFLOW = 1e-36;
    private static final int LINE = 16;

    private final Metric metric;
    private final int dimension;
    private final double[] mean;
    private final double meanSquare;
    /** A power of two that brings distances near 1, whatever the unit of the features. */
    private final double scale;

    private final double largestNorm;

    /** A query's part of the comparison: {@code q - m}, its norm, and its product with m. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Query(float[] values, double norm, double shift) {}

    /** Training rows as columns {@code [D][count]}, their offsets b, and the largest sizes of both. */
    static final class Panel {
        final float[][] columns;
        final float[] offsets;
        int count;
        private double norm;
        private double offset;

        Panel(int dimension, int width) {
            columns = FloatBlocks.rows(dimension, width);
            offsets = new float[width];
        }
    }

    /** Looks at the training rows, which are multiplied by {@code factors} first. */
    Screen(Metric metric, Features train, double[] factors) {
        this.metric = metric;
        this.dimension = train.dimension();
        this.mean = mean(train, factors);
        double square = 0;
        for (double m : mean) {
            square += m * m;
        }
        this.meanSquare = square;
        double largest = 0;
        for (int row = 0; row < train.rows(); row++) {
            largest = Math.max(largest, squaredNorm(train.values(), row, factors[row]));
        }
        double norm = Math.sqrt(largest);
        this.scale = metric == Metric.EUCLIDEAN && norm > 0 ? Math.scalb(1.0, -Math.getExponent(norm)) : 1;
        this.largestNorm = norm * scale;
    }

    private static double[] mean(Features train, double[] factors) {
        int d = train.dimension();
        float[] values = train.values();
        double[] mean = new double[d];
        for (int row = 0; row < train.rows(); row++) {
            double factor = factors[row];
            for (int j = 0; j < d; j++) {
                mean[j] += factor * values[row * d + j];
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] /= train.rows();
        }
        return mean;
    }

    private double squaredNorm(float[] values, int row, double factor) {
        double sum = 0;
        for (int j = 0; j < dimension; j++) {
            double v = factor * values[row * dimension + j] - mean[j];
            sum += v * v;
        }
        return sum;
    }

    Query query(float[] values, int row, double factor) {
        float[] shifted = new float[dimension];
        double shift = 0;
        for (int j = 0; j < dimension; j++) {
            double v = factor * values[row * dimension + j] - mean[j];
            shifted[j] = (float) (scale * v);
            shift += v * mean[j];
        }
        return new Query(shifted, scale * Math.sqrt(squaredNorm(values, row, factor)), shift);
    }

    /** Fills a panel with training rows {@code first .. first + count}. */
    void fill(Panel panel, float[] values, int first, int count, double[] factors) {
        double[] squares = new double[count];
        double[] products = new double[count];
        for (int from = 0; from < dimension; from += LINE) { // a cache line of the rows at a time
            int to = Math.min(dimension, from + LINE);
            for (int r = 0; r < count; r++) {
                int at = (first + r) * dimension;
                double factor = factors[first + r];
                for (int j = from; j < to; j++) {
                    double v = factor * values[at + j] - mean[j];
                    panel.columns[j][r] = (float) (scale * v);
                    squares[r] += v * v;
                    products[r] += v * mean[j];
                }
            }
        }
        panel.count = count;
        panel.norm = 0;
        panel.offset = 0;
        for (int r = 0; r < count; r++) {
            double offset = metric == Metric.COSINE ? products[r] + meanSquare : -scale * scale * squares[r] / 2;
            panel.offsets[r] = (float) offset;
            panel.norm = Math.max(panel.norm, scale * Math.sqrt(squares[r]));
            panel.offset = Math.max(panel.offset, Math.abs(offset));
        }
    }

    /**
     * The score below which no row of a panel can be more similar to a query than a given one.
     *
     * @param similarity the cosine, or minus the squared distance
     */
    float threshold(Query query, Panel panel, double similarity) {
        double score = metric == Metric.COSINE
                ? similarity - query.shift
                : (query.norm * query.norm + scale * scale * similarity) / 2;
        double size = query.norm + largestNorm + (metric == Metric.COSINE ? 1 : 0);
        double error = (dimension + 6) * SINGLE * (query.norm * panel.norm + panel.offset)
                + 32 * (dimension + 8) * DOUBLE * size * size
                + UNDERFLOW;
        return Math.nextDown((float) (score - error));
    }
}
