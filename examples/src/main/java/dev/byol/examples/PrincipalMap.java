package dev.byol.examples;

import dev.byol.eval.Features;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A flat picture of features: rows of length 1, centred, seen along the two directions in which they vary most (principal
 * component analysis, by power iteration).
 *
 * @param rows of the features that are on it
 * @param x along the first direction, one for each row
 * @param y along the second
 * @param firstShare of the variance that is along the first, in [0, 1]
 * @param secondShare of the variance that is along the second
 */
@SuppressWarnings("ArrayRecordComponent")
record PrincipalMap(int[] rows, double[] x, double[] y, double firstShare, double secondShare) {
    private static final int MOST_ITERATIONS = 1000;
    private static final double TOLERANCE = 1e-9;
    /** The squared length that is left of a row where all are the same. */
    private static final double ROUNDING = 1e-24;

    /**
     * Maps evenly chosen rows; all of them to one point, with shares of 0, where they are the same.
     *
     * @param most how many at most, at least 1
     */
    static PrincipalMap of(Features features, int most) {
        int count = Math.min(most, features.rows());
        int[] rows = IntStream.range(0, count)
                .map(i -> (int) ((long) i * features.rows() / count))
                .toArray();
        double[][] centred = centred(features, rows);
        double variance = 0;
        for (double[] row : centred) {
            variance += dot(row, row);
        }
        if (variance <= ROUNDING * count) {
            return new PrincipalMap(rows, new double[count], new double[count], 0, 0);
        }
        double[] first = direction(centred, new double[features.dimension()], variance);
        double[] second = direction(centred, first, variance);
        double[] x = project(centred, first);
        double[] y = project(centred, second);
        return new PrincipalMap(rows, x, y, dot(x, x) / variance, dot(y, y) / variance);
    }

    private static double[][] centred(Features features, int[] rows) {
        int d = features.dimension();
        double[][] centred = new double[rows.length][d];
        double[] mean = new double[d];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < d; j++) {
                centred[i][j] = features.value(rows[i], j);
            }
            double norm = Math.sqrt(dot(centred[i], centred[i]));
            for (int j = 0; j < d; j++) {
                centred[i][j] /= norm == 0 ? 1 : norm;
                mean[j] += centred[i][j] / rows.length;
            }
        }
        for (double[] row : centred) {
            for (int j = 0; j < d; j++) {
                row[j] -= mean[j];
            }
        }
        return centred;
    }

    /** The longest direction across another one, of length 1; zeros where nothing varies. Its largest entry is positive. */
    private static double[] direction(double[][] centred, double[] across, double variance) {
        SplittableRandom random = new SplittableRandom(1);
        double[] v = random.doubles(across.length, -1, 1).toArray();
        for (int i = 0; i < MOST_ITERATIONS; i++) {
            double[] next = new double[v.length];
            for (double[] row : centred) {
                add(next, dot(row, v), row);
            }
            add(next, -dot(next, across), across);
            double length = Math.sqrt(dot(next, next));
            if (length <= 1e-15 * variance) {
                return new double[v.length];
            }
            double moved = 0;
            for (int j = 0; j < v.length; j++) {
                next[j] /= length;
                moved = Math.max(moved, Math.abs(next[j] - v[j]));
            }
            v = next;
            if (moved < TOLERANCE) {
                break;
            }
        }
        double largest = 0;
        for (double value : v) {
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        for (int j = 0; j < v.length && largest < 0; j++) {
            v[j] = -v[j];
        }
        return v;
    }

    private static double[] project(double[][] centred, double[] direction) {
        double[] along = new double[centred.length];
        for (int i = 0; i < along.length; i++) {
            along[i] = dot(centred[i], direction);
        }
        return along;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private static void add(double[] to, double times, double[] row) {
        for (int j = 0; j < to.length; j++) {
            to[j] += times * row[j];
        }
    }
}
