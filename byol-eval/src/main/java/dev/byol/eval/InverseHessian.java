package dev.byol.eval;

import java.util.Arrays;

/**
 * The inverse Hessian of a {@link MultinomialLoss} at zero, where all classes are equally likely. On points whose classes sum to
 * zero (the others never occur: gradients are such) the Hessian is the same matrix for each class,
 *
 * <pre>
 * A = C/K sum_i [x_i, 1] [x_i, 1]^T + diag(1, ..., 1, 0)
 * </pre>
 *
 * <p>L-BFGS that starts from it has the correlations of the features out of its way, and needs a fraction of the iterations.
 */
final class InverseHessian {
    private final double[][] inverse;
    private final int classes;

    InverseHessian(float[] values, int dimension, int classes, double c) {
        this.classes = classes;
        int rows = values.length / dimension;
        int size = dimension + 1;
        int block = Math.min(rows, Blocks.ROWS);
        double[][] x = new double[block][size];
        double[][] transposed = new double[size][block];
        for (int r = 0; r < block; r++) {
            x[r][dimension] = 1;
        }
        Arrays.fill(transposed[dimension], 1);
        double[][] a = new double[size][size];
        for (int first = 0; first < rows; first += block) {
            int count = Math.min(block, rows - first);
            Blocks.rows(values, dimension, first, count, x);
            Blocks.columns(values, dimension, first, count, transposed);
            Blocks.multiplyAdd(a, transposed, x, count, size);
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                a[i][j] *= c / classes;
            }
            a[i][i] += i < dimension ? 1 : 0;
        }
        double[] scale = new double[size]; // to a unit diagonal, so that the columns' units do not cost digits
        for (int i = 0; i < size; i++) {
            scale[i] = 1 / Math.sqrt(a[i][i]);
        }
        multiply(a, scale);
        invert(a);
        multiply(a, scale);
        this.inverse = a;
    }

    /** The product with a vector that is laid out like a point of the loss. */
    double[] times(double[] vector) {
        int size = inverse.length;
        int d = size - 1;
        double[][] in = new double[classes][size];
        double[][] out = new double[classes][size];
        for (int k = 0; k < classes; k++) {
            System.arraycopy(vector, k * d, in[k], 0, d);
            in[k][d] = vector[classes * d + k];
        }
        Blocks.multiplyAdd(out, in, inverse, size, size);
        double[] product = new double[vector.length];
        for (int k = 0; k < classes; k++) {
            System.arraycopy(out[k], 0, product, k * d, d);
            product[classes * d + k] = out[k][d];
        }
        return product;
    }

    private static void multiply(double[][] a, double[] scale) {
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                a[i][j] *= scale[i] * scale[j];
            }
        }
    }

    /** Inverts a symmetric positive definite matrix in place (Gauss and Jordan, which need no pivots here). */
    static void invert(double[][] a) {
        for (int k = 0; k < a.length; k++) {
            double[] pivotRow = a[k];
            double pivot = 1 / pivotRow[k];
            pivotRow[k] = 1;
            for (int j = 0; j < a.length; j++) {
                pivotRow[j] *= pivot;
            }
            for (int i = 0; i < a.length; i++) {
                if (i != k) {
                    double factor = a[i][k];
                    a[i][k] = 0;
                    subtract(a[i], factor, pivotRow);
                }
            }
        }
    }

    private static void subtract(double[] from, double factor, double[] row) {
        for (int j = 0; j < from.length; j++) {
            from[j] -= factor * row[j];
        }
    }
}
