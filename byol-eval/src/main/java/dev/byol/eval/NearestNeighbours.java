package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * Exact search for nearest neighbours by cosine similarity, {@code cos(q, x) = q . x / (||q|| ||x||)}. A row of zeros has no
 * direction; its similarity to every row is 0.
 *
 * <p>Every query is compared with every training row, block by block: beside the features and the result, memory is a few blocks
 * of {@code 256 x D} numbers, whatever N is.
 */
public final class NearestNeighbours {
    private static final int QUERIES = 64;

    private final Features train;

    private NearestNeighbours(Features train) {
        this.train = train;
    }

    /** A search among the rows of a training set; labels are needed only for voting. */
    public static NearestNeighbours of(Features train) {
        return new NearestNeighbours(train);
    }

    /**
     * The k training rows that are most similar to each query, the most similar first; of equally similar ones, the lower index
     * comes first (and stays, where only one of them has room).
     *
     * @param query {@code [N, D]}; labels are not looked at
     * @param k the number of neighbours, from 1 to the number of training rows
     * @throws IllegalArgumentException if k is out of its range, or if the number of columns is not the training set's
     */
    public Neighbours neighbours(Features query, int k) {
        query.requireDimension(train.dimension());
        checkArgument(
                k >= 1 && k <= train.rows(),
                "k must be in [1, %s], the number of training rows, got %s",
                train.rows(),
                k);
        int d = train.dimension();
        int[] indices = new int[Math.multiplyExact(query.rows(), k)];
        double[] similarities = new double[indices.length];
        double[] trainScale = inverseNorms(train);
        double[] queryScale = inverseNorms(query);
        int block = Math.min(Blocks.ROWS, train.rows());
        double[][] columns = new double[d][block];
        double[][] rows = new double[Math.min(QUERIES, query.rows())][d];
        double[][] products = new double[rows.length][block];
        for (int firstQuery = 0; firstQuery < query.rows(); firstQuery += rows.length) {
            int queries = Math.min(rows.length, query.rows() - firstQuery);
            Blocks.rows(query.values(), d, firstQuery, queries, rows);
            for (int first = 0; first < train.rows(); first += block) {
                int count = Math.min(block, train.rows() - first);
                Blocks.columns(train.values(), d, first, count, columns);
                for (double[] row : products) {
                    Arrays.fill(row, 0);
                }
                Blocks.multiplyAdd(products, rows, columns, d, count);
                for (int q = 0; q < queries; q++) {
                    int from = (firstQuery + q) * k;
                    double scale = queryScale[firstQuery + q];
                    for (int i = 0; i < count; i++) {
                        double similarity = products[q][i] * scale * trainScale[first + i];
                        insert(indices, similarities, from, Math.min(k, first + i), k, first + i, similarity);
                    }
                }
            }
        }
        int[] labels = new int[indices.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = train.label(indices[i]);
        }
        return new Neighbours(k, indices, similarities, labels, train.classes());
    }

    /** Inserts a row into the sorted list of the {@code held} best so far, of at most {@code k}, that starts at {@code from}. */
    private static void insert(
            int[] indices, double[] similarities, int from, int held, int k, int index, double similarity) {
        if (held == k && !(similarity > similarities[from + k - 1])) {
            return;
        }
        int low = from;
        int high = from + held;
        while (low < high) { // the first place whose similarity is smaller
            int middle = (low + high) >>> 1;
            if (similarities[middle] >= similarity) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int moved = Math.min(from + held, from + k - 1) - low;
        System.arraycopy(indices, low, indices, low + 1, moved);
        System.arraycopy(similarities, low, similarities, low + 1, moved);
        indices[low] = index;
        similarities[low] = similarity;
    }

    private static double[] inverseNorms(Features features) {
        int d = features.dimension();
        double[] inverse = new double[features.rows()];
        for (int i = 0; i < inverse.length; i++) {
            double squares = 0;
            for (int j = i * d; j < (i + 1) * d; j++) {
                double v = features.values()[j];
                squares += v * v;
            }
            inverse[i] = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        }
        return inverse;
    }
}
