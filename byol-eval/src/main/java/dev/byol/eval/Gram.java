package dev.byol.eval;

import java.util.ArrayList;
import java.util.List;

/**
 * The products of all columns of a matrix {@code Z [N, d]} whose rows arrive one after another, {@code Z^T Z}, or those of all rows,
 * {@code Z Z^T}, as long as these are fewer: both have the same eigenvalues, apart from zeros. Memory is at most two matrices
 * {@code [d, d]}, however many rows come.
 */
final class Gram {
    private final int d;
    private double[][] block = new double[0][];
    private int inBlock;
    private long rows;
    private List<float[]> kept = new ArrayList<>(); // all rows, while there are at most d
    private double[][] products = new double[0][];

    Gram(int d) {
        this.d = d;
    }

    /** Adds the row that starts at {@code from}. */
    void add(float[] values, int from) {
        if (rows == d) {
            products = new double[d][d];
            block = new double[Blocks.ROWS][d];
            for (float[] row : kept) {
                toBlock(row, 0);
            }
            kept = List.of();
        }
        if (rows < d) {
            float[] row = new float[d];
            System.arraycopy(values, from, row, 0, d);
            kept.add(row);
        } else {
            toBlock(values, from);
        }
        rows++;
    }

    private void toBlock(float[] values, int from) {
        double[] row = block[inBlock++];
        for (int j = 0; j < d; j++) {
            row[j] = values[from + j];
        }
        if (inBlock == block.length) {
            flush();
        }
    }

    private void flush() {
        Blocks.addGram(products, block, inBlock);
        inBlock = 0;
    }

    /** The singular values of the rows so far: min(N, d) of them, the largest first. */
    double[] singularValues() {
        double[] values = SymmetricEigenvalues.of(rows <= d ? ofRows() : ofColumns());
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.sqrt(Math.max(0, values[i])); // zeros come out as rounding of either sign
        }
        return values;
    }

    private double[][] ofColumns() {
        double[][] copy = new double[d][];
        for (int i = 0; i < d; i++) {
            copy[i] = products[i].clone();
        }
        Blocks.addGram(copy, block, inBlock);
        return mirrored(copy);
    }

    private double[][] ofRows() {
        int n = kept.size();
        double[][] gram = new double[n][n];
        double[][] columns = new double[Math.min(d, Blocks.ROWS)][n];
        for (int first = 0; first < d; first += columns.length) {
            int count = Math.min(columns.length, d - first);
            for (int i = 0; i < n; i++) {
                float[] row = kept.get(i);
                for (int j = 0; j < count; j++) {
                    columns[j][i] = row[first + j];
                }
            }
            Blocks.addGram(gram, columns, count);
        }
        return mirrored(gram);
    }

    private static double[][] mirrored(double[][] upper) {
        for (int i = 0; i < upper.length; i++) {
            for (int j = 0; j < i; j++) {
                upper[i][j] = upper[j][i];
            }
        }
        return upper;
    }
}
