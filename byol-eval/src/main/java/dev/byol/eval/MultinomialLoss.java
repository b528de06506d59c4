package dev.byol.eval;

import java.util.Arrays;
import java.util.Optional;

/**
 * The objective of L2-regularised multinomial logistic regression on {@code N} rows of {@code D} features and {@code K} classes:
 *
 * <pre>
 * f(W, b) = C sum_i [ log sum_k exp(z_ik) - z_i,y(i) ] + 1/2 sum_kd W_kd^2,   z_ik = sum_d W_kd x_id + b_k
 * </pre>
 *
 * <p>or, where intercepts are penalised too, with {@code 1/2 sum_k b_k^2} added. A point is flat: {@code W [K, D]}, then
 * {@code b [K]}. Logits are linear in the point, so that along a direction they are
 * {@code z + step * dz}: a line search costs {@code N K} exponentials a trial, and no product with the features. Logits are held
 * class by class, {@code [K][N]}.
 */
final class MultinomialLoss {
    private static final int SAVED_ITERATIONS = 150;

    private final float[] values;
    private final int dimension;
    private final int[] labels;
    private final int classes;
    private final double c;
    private final int rows;
    /** So many of a point's values are penalised: all, or the first ones, W. */
    private final int penalised;

    /** What multiplies in single precision, if anything does. */
    private final Optional<FloatProducts> single;

    MultinomialLoss(float[] values, int dimension, int[] labels, int classes, double c, boolean penalisesIntercepts) {
        this(
                values,
                dimension,
                labels,
                classes,
                c,
                classes * (penalisesIntercepts ? dimension + 1 : dimension),
                Optional.empty());
    }

    private MultinomialLoss(
            float[] values,
            int dimension,
            int[] labels,
            int classes,
            double c,
            int penalised,
            Optional<FloatProducts> single) {
        this.values = values;
        this.dimension = dimension;
        this.labels = labels;
        this.classes = classes;
        this.c = c;
        this.rows = labels.length;
        this.penalised = penalised;
        this.single = single;
    }

    /** The same loss, whose products with the features are rounded to single precision. */
    MultinomialLoss by(FloatProducts products) {
        return new MultinomialLoss(values, dimension, labels, classes, c, penalised, Optional.of(products));
    }

    /** The number of values of a point. */
    int size() {
        return classes * (dimension + 1);
    }

    /** The logits of all rows at a point (or the change of the logits along a direction): {@code [K][N]}. */
    double[][] logits(double[] point) {
        return single.map(products -> products.logits(point, classes))
                .orElseGet(() -> logits(values, dimension, point, classes));
    }

    static double[][] logits(float[] values, int dimension, double[] point, int classes) {
        int rows = values.length / dimension;
        int block = Math.min(rows, Blocks.ROWS);
        double[][] weights = new double[classes][];
        for (int k = 0; k < classes; k++) {
            weights[k] = Arrays.copyOfRange(point, k * dimension, (k + 1) * dimension);
        }
        double[][] logits = new double[classes][rows];
        double[][] columns = new double[dimension][block];
        double[][] out = new double[classes][block];
        for (int first = 0; first < rows; first += block) {
            int count = Math.min(block, rows - first);
            Blocks.columns(values, dimension, first, count, columns);
            for (int k = 0; k < classes; k++) {
                Arrays.fill(out[k], point[classes * dimension + k]);
            }
            Blocks.multiplyAdd(out, weights, columns, dimension, count);
            for (int k = 0; k < classes; k++) {
                System.arraycopy(out[k], 0, logits[k], first, count);
            }
        }
        return logits;
    }

    /** The objective at a point whose logits are given. */
    double value(double[] point, double[][] logits) {
        double loss = 0;
        double[] z = new double[classes];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < classes; k++) {
                z[k] = logits[k][i];
            }
            double own = z[labels[i]];
            loss += softmax(z) - own;
        }
        double squares = 0;
        for (int j = 0; j < penalised; j++) {
            squares += point[j] * point[j];
        }
        return c * loss + squares / 2;
    }

    /** The gradient of the objective at a point whose logits are given. */
    double[] gradient(double[] point, double[][] logits) {
        double[][] probabilities = new double[classes][rows];
        double[] z = new double[classes];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < classes; k++) {
                z[k] = logits[k][i];
            }
            softmax(z);
            for (int k = 0; k < classes; k++) {
                probabilities[k][i] = z[k];
            }
        }
        return gradientOf(point, probabilities);
    }

    /** The gradient of the objective at a point whose probabilities {@code [K][N]} are given; these are overwritten. */
    double[] gradientOf(double[] point, double[][] probabilities) {
        double[][] residual = probabilities; // becomes C (p - y)
        for (int i = 0; i < rows; i++) {
            residual[labels[i]][i] -= 1;
        }
        double[] gradient = new double[size()];
        for (int k = 0; k < classes; k++) {
            double sum = 0;
            for (int i = 0; i < rows; i++) {
                residual[k][i] *= c;
                sum += residual[k][i];
            }
            gradient[classes * dimension + k] = sum;
        }
        double[][] sums = single.map(products -> products.sums(residual)).orElseGet(() -> sums(residual));
        for (int k = 0; k < classes; k++) {
            System.arraycopy(sums[k], 0, gradient, k * dimension, dimension);
        }
        for (int j = 0; j < penalised; j++) {
            gradient[j] += point[j];
        }
        return gradient;
    }

    /** The rows' sums {@code [K][D]}, weighted by {@code residual [K][N]}. */
    private double[][] sums(double[][] residual) {
        int block = Math.min(rows, Blocks.ROWS);
        double[][] x = new double[block][dimension];
        double[][] weights = new double[classes][block];
        double[][] sums = new double[classes][dimension];
        for (int first = 0; first < rows; first += block) {
            int count = Math.min(block, rows - first);
            for (int k = 0; k < classes; k++) {
                System.arraycopy(residual[k], first, weights[k], 0, count);
            }
            Blocks.rows(values, dimension, first, count, x);
            Blocks.multiplyAdd(sums, weights, x, count, dimension);
        }
        return sums;
    }

    /**
     * The objective along {@code point + step * direction}, of which both logits are known.
     *
     * @param probabilities {@code [K][N]}: filled with those at each step that is looked at
     */
    Line line(double[] point, double[][] logits, double[] direction, double[][] change, double[][] probabilities) {
        return new Ray(point, logits, direction, change, probabilities);
    }

    private final class Ray implements Line {
        private final double[][] logits;
        private final double[][] change;
        private final double[][] probabilities;
        private double squares;
        private double cross;
        private double curvature;

        private Ray(
                double[] point, double[][] logits, double[] direction, double[][] change, double[][] probabilities) {
            this.logits = logits;
            this.change = change;
            this.probabilities = probabilities;
            for (int j = 0; j < penalised; j++) {
                squares += point[j] * point[j];
                cross += point[j] * direction[j];
                curvature += direction[j] * direction[j];
            }
        }

        @Override
        public Point at(double step) {
            double loss = 0;
            double slope = 0;
            double[] z = new double[classes];
            for (int i = 0; i < rows; i++) {
                for (int k = 0; k < classes; k++) {
                    z[k] = logits[k][i] + step * change[k][i];
                }
                double own = z[labels[i]];
                loss += softmax(z) - own;
                slope -= change[labels[i]][i];
                for (int k = 0; k < classes; k++) {
                    slope += z[k] * change[k][i];
                    probabilities[k][i] = z[k];
                }
            }
            double value = c * loss + squares / 2 + step * cross + step * step * curvature / 2;
            return new Point(step, value, c * slope + cross + step * curvature);
        }
    }

    /** The inverse Hessian at zero, unless it costs more than the iterations that it saves, or intercepts are penalised. */
    Optional<InverseHessian> inverseHessianAtZero() {
        double cost = (double) dimension * dimension * (rows + dimension);
        double iteration = 2.0 * rows * dimension * classes;
        return cost <= SAVED_ITERATIONS * iteration && penalised == classes * dimension
                ? Optional.of(new InverseHessian(values, dimension, classes, c))
                : Optional.empty();
    }

    /** Turns logits into probabilities in place, and returns the logarithm of the sum of the logits' exponentials. */
    static double softmax(double[] z) {
        double largest = z[0];
        for (double v : z) {
            largest = Math.max(largest, v);
        }
        double sum = 0;
        for (int k = 0; k < z.length; k++) {
            z[k] = Math.exp(z[k] - largest);
            sum += z[k];
        }
        double scale = 1 / sum;
        for (int k = 0; k < z.length; k++) {
            z[k] *= scale;
        }
        return largest + Math.log(sum);
    }
}
