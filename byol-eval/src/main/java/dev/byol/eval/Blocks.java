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

    private static void add(
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

    private static void add(double[] out, double a, double[] b, int from, int to) {
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
