package dev.byol.eval;

import java.util.Arrays;

/**
 * All eigenvalues of a symmetric matrix, without eigenvectors: Householder's reduction to a tridiagonal matrix, then QL iterations
 * with implicit shifts (Golub and Van Loan, "Matrix Computations", 4th edition, 8.3). Each is within a small multiple of
 * {@code 1e-16 sqrt(n)} times the largest of the exact one, in an absolute sense: the smallest ones have few digits or none.
 *
 * <p>The reduction costs {@code 2 n^3} operations. A step's update of the remaining matrix and the next step's product with it
 * are one pass over its rows, since memory, not arithmetic, bounds them.
 */
final class SymmetricEigenvalues {
    private static final double EPSILON = 0x1p-52;
    private static final int MOST_ITERATIONS = 100;

    private final double[][] a;
    private final int n;
    private final double[] diagonal;
    private final double[] beside; // beside[i] couples i and i + 1

    private SymmetricEigenvalues(double[][] a) {
        this.a = a;
        this.n = a.length;
        this.diagonal = new double[n];
        this.beside = new double[n];
    }

    /** The eigenvalues of {@code a [n, n]}, the largest first; {@code a}, of which both halves are read, is overwritten. */
    static double[] of(double[][] a) {
        double scale = 0; // so that no square below over- or underflows
        for (double[] row : a) {
            for (double v : row) {
                scale = Math.max(scale, Math.abs(v));
            }
        }
        if (scale == 0) {
            return new double[a.length];
        }
        for (double[] row : a) {
            for (int j = 0; j < row.length; j++) {
                row[j] /= scale;
            }
        }
        SymmetricEigenvalues problem = new SymmetricEigenvalues(a);
        problem.reduce();
        problem.iterate();
        Arrays.sort(problem.diagonal);
        double[] values = new double[a.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = problem.diagonal[values.length - 1 - i] * scale;
        }
        return values;
    }

    /**
     * Step k reflects what is behind {@code a[k][k]} in its row onto one element, by {@code H = I - beta v v^T}. The rest becomes
     * {@code H A H = A - v w^T - w v^T} with {@code p = beta A v} and {@code w = p - (beta / 2) (p . v) v}.
     */
    private void reduce() {
        double[] v = new double[n];
        double[] w = new double[n];
        double[] next = new double[n];
        double[] p = new double[n];
        for (int k = 0; k < n; k++) {
            double[] row = a[k];
            subtract(row, v[k], w, w[k], v, k, n); // zeros in the first step
            diagonal[k] = row[k];
            if (k == n - 1) {
                break;
            }
            double squares = 0;
            for (int j = k + 1; j < n; j++) {
                squares += row[j] * row[j];
            }
            double first = row[k + 1];
            double alpha = first > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
            beside[k] = alpha;
            double length = squares - alpha * first; // v . v / 2
            double beta = length == 0 ? 0 : 1 / length;
            Arrays.fill(next, 0, k + 1, 0);
            System.arraycopy(row, k + 1, next, k + 1, n - k - 1);
            next[k + 1] -= alpha;
            Arrays.fill(p, 0);
            int i = k + 1;
            for (; i + 4 <= n; i += 4) {
                for (int r = i; r < i + 4; r++) {
                    subtract(a[r], v[r], w, w[r], v, k + 1, n);
                }
                Blocks.add(
                        p,
                        next[i],
                        a[i],
                        next[i + 1],
                        a[i + 1],
                        next[i + 2],
                        a[i + 2],
                        next[i + 3],
                        a[i + 3],
                        k + 1,
                        n);
            }
            for (; i < n; i++) {
                subtract(a[i], v[i], w, w[i], v, k + 1, n);
                Blocks.add(p, next[i], a[i], k + 1, n);
            }
            double along = 0;
            for (int j = k + 1; j < n; j++) {
                p[j] *= beta;
                along += p[j] * next[j];
            }
            w[k] = 0;
            for (int j = k + 1; j < n; j++) {
                w[j] = p[j] - beta / 2 * along * next[j];
            }
            double[] spare = v;
            v = next;
            next = spare;
        }
    }

    private static void subtract(double[] from, double b, double[] w, double c, double[] v, int first, int to) {
        for (int j = first; j < to; j++) {
            from[j] -= b * w[j] + c * v[j];
        }
    }

    private void iterate() {
        for (int low = 0; low < n; low++) {
            int iterations = 0;
            for (int high = split(low); high > low; high = split(low)) {
                if (iterations++ == MOST_ITERATIONS) {
                    throw new IllegalStateException("eigenvalue " + low + " of " + n + " did not converge in "
                            + MOST_ITERATIONS + " iterations");
                }
                sweep(low, high);
            }
        }
    }

    /** The last index of the block that begins at {@code low}: what couples it to the next is negligible. */
    private int split(int low) {
        int high = low;
        while (high < n - 1) {
            double size = Math.abs(diagonal[high]) + Math.abs(diagonal[high + 1]);
            if (Math.abs(beside[high]) <= Math.max(EPSILON * size, EPSILON / n)) {
                return high;
            }
            high++;
        }
        return high;
    }

    /** One QL iteration on {@code low .. high}, shifted by the eigenvalue of its upper corner that is closer to the corner's element. */
    private void sweep(int low, int high) {
        double half = (diagonal[low + 1] - diagonal[low]) / (2 * beside[low]);
        double root = Math.hypot(half, 1);
        double g = diagonal[high] - diagonal[low] + beside[low] / (half + Math.copySign(root, half));
        double sine = 1;
        double cosine = 1;
        double shift = 0;
        for (int i = high - 1; i >= low; i--) {
            double f = sine * beside[i];
            double b = cosine * beside[i];
            double r = Math.sqrt(f * f + g * g);
            beside[i + 1] = r;
            if (r == 0) { // the block falls apart here
                diagonal[i + 1] -= shift;
                beside[high] = 0;
                return;
            }
            sine = f / r;
            cosine = g / r;
            double rest = diagonal[i + 1] - shift;
            double turned = (diagonal[i] - rest) * sine + 2 * cosine * b;
            shift = sine * turned;
            diagonal[i + 1] = rest + shift;
            g = cosine * turned - b;
        }
        diagonal[low] -= shift;
        beside[low] = g;
        beside[high] = 0;
    }
}
