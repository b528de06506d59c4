package dev.byol.eval;

/**
 * Dense arithmetic on blocks of rows, in double precision.
 *
 * <p>The loops are written for the vectoriser of the JVM's optimising compiler: every array is a row of its own that is read at
 * the loop's index with no offset, and nothing is summed along the loop (a sum has an order, and is never vectorised). A matrix
 * product therefore adds multiples of whole rows, several at a time.
 */
final class Blocks {
    /** Rows of features that are worked on at a time. */
    static final int ROWS = 256;

    private static final int TILE = 512;
    private static final int LINE = 16;

    private Blocks() {}

    /** Adds a matrix product: {@code out [M, W] += a [M, P] b [P, W]}, with {@code P = depth} and {@code W = width}. */
    static void multiplyAdd(double[][] out, double[][] a, double[][] b, int depth, int width) {
        for (int from = 0; from < width; from += TILE) {
            int to = Math.min(width, from + TILE);
            int p = 0;
            for (; p + 4 <= depth; p += 4) {
                double[] b0 = b[p];
                double[] b1 = b[p + 1];
                double[] b2 = b[p + 2];
                double[] b3 = b[p + 3];
                for (int m = 0; m < out.length; m++) {
                    double[] am = a[m];
                    add(out[m], am[p], b0, am[p + 1], b1, am[p + 2], b2, am[p + 3], b3, from, to);
                }
            }
            for (; p < depth; p++) {
                for (int m = 0; m < out.length; m++) {
                    add(out[m], a[m][p], b[p], from, to);
                }
            }
        }
    }

    /**
     * Adds what rows {@code x [count, d]} contribute to the sums of the products of their columns:
     * {@code gram [d, d] += x^T x}, on and above the diagonal only (and a little below it).
     */
    static void addGram(double[][] gram, double[][] x, int count) {
        int d = gram.length;
        for (int from = 0; from < d; from += TILE) {
            int to = Math.min(d, from + TILE);
            int r = 0;
            for (; r + 4 <= count; r += 4) {
                double[] x0 = x[r];
                double[] x1 = x[r + 1];
                double[] x2 = x[r + 2];
                double[] x3 = x[r + 3];
                for (int m = 0; m < to; m++) {
                    add(gram[m], x0[m], x0, x1[m], x1, x2[m], x2, x3[m], x3, from, to);
                }
            }
            for (; r < count; r++) {
                for (int m = 0; m < to; m++) {
                    add(gram[m], x[r][m], x[r], from, to);
                }
            }
        }
    }

    /** Adds multiples of four rows to a row, in columns {@code from .. to}. */
    static void add(
            double[] out,
            double a0,
            double[] b0,
            double a1,
            double[] b1,
            double a2,
            double[] b2,
            double a3,
            double[] b3,
            int from,
            int to) {
        for (int j = from; j < to; j++) {
            out[j] += (a0 * b0[j] + a1 * b1[j]) + (a2 * b2[j] + a3 * b3[j]);
        }
    }

    /** Adds a multiple of a row to a row, in columns {@code from .. to}. */
    static void add(double[] out, double a, double[] b, int from, int to) {
        for (int j = from; j < to; j++) {
            out[j] += a * b[j];
        }
    }

    /** Copies rows {@code first .. first + count} of {@code values [N, d]} to {@code out [count, d]}. */
    static void rows(float[] values, int d, int first, int count, double[][] out) {
        for (int r = 0; r < count; r++) {
            double[] row = out[r];
            int at = (first + r) * d;
            for (int j = 0; j < d; j++) {
                row[j] = values[at + j];
            }
        }
    }

    /** Copies rows {@code first .. first + count} of {@code values [N, d]} to {@code out [d, count]}, transposed. */
    static void columns(float[] values, int d, int first, int count, double[][] out) {
        for (int from = 0; from < d; from += LINE) { // a cache line of the rows at a time
            int to = Math.min(d, from + LINE);
            for (int r = 0; r < count; r++) {
                int at = (first + r) * d;
                for (int j = from; j < to; j++) {
                    out[j][r] = values[at + j];
                }
            }
        }
    }
}
