package dev.byol.eval;

import java.util.Arrays;

/** The distances of all pairs of rows on the unit sphere, a block of pairs at a time. */
final class PairDistances {
    private PairDistances() {}

    /**
     * The logarithm of the mean of {@code exp(-t ||x - y||^2)} over all pairs of different rows, scaled to length 1; NaN where there
     * is no pair.
     *
     * @param values {@code [rows, d]}
     */
    static double logMeanPotential(float[] values, int d, int rows, double t) {
        if (rows < 2) {
            return Double.NaN;
        }
        int block = Math.min(Blocks.ROWS, rows);
        double[][] x = new double[block][d];
        double[][] y = new double[d][block];
        double[][] products = new double[block][block];
        double[] xSquares = new double[block];
        double[] ySquares = new double[block];
        double[] row = new double[d];
        double sum = 0;
        for (int first = 0; first < rows; first += block) {
            int count = Math.min(block, rows - first);
            for (int i = 0; i < count; i++) {
                xSquares[i] = UnitRows.unit(values, (first + i) * d, x[i]);
            }
            for (int second = first; second < rows; second += block) {
                int others = Math.min(block, rows - second);
                for (int j = 0; j < others; j++) {
                    ySquares[j] = UnitRows.unit(values, (second + j) * d, row);
                    for (int k = 0; k < d; k++) {
                        y[k][j] = row[k];
                    }
                }
                for (double[] p : products) {
                    Arrays.fill(p, 0);
                }
                Blocks.multiplyAdd(products, x, y, d, others);
                for (int i = 0; i < count; i++) {
                    for (int j = second == first ? i + 1 : 0; j < others; j++) {
                        double squared = Math.max(0, xSquares[i] + ySquares[j] - 2 * products[i][j]);
                        sum += Math.exp(-t * squared);
                    }
                }
            }
        }
        return Math.log(sum / (0.5 * rows * (rows - 1)));
    }
}
