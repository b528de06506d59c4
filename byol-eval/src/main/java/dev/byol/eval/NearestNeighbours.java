package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Arrays;

/**
 * Exact search for nearest neighbours by brute force, by cosine or Euclidean distance.
 *
 * <p>Every query is compared with every training row, in single precision first. Rows that can be among the k nearest, by a bound
 * of its rounding errors, are compared again in double precision, which alone decides: neighbours, their order and their
 * similarities are those of a search in double precision throughout.
 *
 * <p>Work is done block by block: beside the features and the result, memory is {@code 4096 x D + 1280 x D} floats and some
 * hundred kilobytes, whatever the numbers of rows are.
 */
public final class NearestNeighbours {
    private static final int CHUNK = 4096;
    private static final int QUERIES = 64;

    private final Features train;
    private final Metric metric;

    private NearestNeighbours(Features train, Metric metric) {
        this.train = train;
        this.metric = metric;
    }

    /** A search by cosine among the rows of a training set; labels are needed only for voting. */
    public static NearestNeighbours of(Features train) {
        return of(train, Metric.COSINE);
    }

    /** A search among the rows of a training set; labels are needed only for voting. */
    public static NearestNeighbours of(Features train, Metric metric) {
        return new NearestNeighbours(train, metric);
    }

    /**
     * The k training rows that are nearest to each query, the nearest first; of equally near ones, the lower index comes first
     * (and stays, where only one of them has room). To compare several k, search once for the largest and let fewer vote.
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
        Search search = new Search(query, k);
        for (int first = 0; first < query.rows(); first += CHUNK) {
            search.chunk(first, Math.min(CHUNK, query.rows() - first));
        }
        return search.result();
    }

    /** The lists of the k best so far of all queries, and what they are filled by. */
    private final class Search {
        private final Features query;
        private final int k;
        private final int d = train.dimension();
        private final int[] indices;
        private final double[] similarities; // cosines, or minus the squared distances
        private final double[] trainFactors = factors(train);
        private final double[] queryFactors;
        private final Screen screen = new Screen(metric, train, trainFactors);
        private final Screen.Panel panel = new Screen.Panel(d, Math.min(FloatBlocks.WIDTH, train.rows()));
        private final float[][] scores;

        Search(Features query, int k) {
            this.query = query;
            this.k = k;
            this.indices = new int[Math.multiplyExact(query.rows(), k)];
            this.similarities = new double[indices.length];
            this.queryFactors = factors(query);
            this.scores = FloatBlocks.rows(Math.min(QUERIES, query.rows()), panel.offsets.length);
        }

        /** Compares some queries with all training rows. */
        void chunk(int firstQuery, int queries) {
            Screen.Query[] all = new Screen.Query[queries];
            float[][] rows = new float[queries][];
            for (int q = 0; q < queries; q++) {
                all[q] = screen.query(query.values(), firstQuery + q, queryFactors[firstQuery + q]);
                rows[q] = all[q].values();
            }
            for (int first = 0; first < train.rows(); first += panel.offsets.length) {
                screen.fill(
                        panel,
                        train.values(),
                        first,
                        Math.min(panel.offsets.length, train.rows() - first),
                        trainFactors);
                for (int from = 0; from < queries; from += QUERIES) {
                    int to = Math.min(from + QUERIES, queries);
                    for (int q = from; q < to; q++) {
                        System.arraycopy(panel.offsets, 0, scores[q - from], 0, panel.count);
                    }
                    FloatBlocks.multiplyAdd(
                            scores, Arrays.copyOfRange(rows, from, to), panel.columns, to - from, d, panel.count);
                    for (int q = from; q < to; q++) {
                        collect(firstQuery + q, all[q], scores[q - from], first);
                    }
                }
            }
        }

        /** Compares a query exactly with those rows of the panel that the screen does not rule out. */
        private void collect(int row, Screen.Query screened, float[] score, int first) {
            int from = row * k;
            int held = Math.min(k, first);
            float threshold = threshold(screened, from, held);
            for (int i = 0; i < panel.count; i++) {
                if (!(score[i] < threshold)) {
                    double similarity = similarity(row, first + i);
                    if (held < k || similarity > similarities[from + k - 1]) {
                        insert(from, held, first + i, similarity);
                        held = Math.min(k, held + 1);
                        threshold = threshold(screened, from, held);
                    }
                }
            }
        }

        private float threshold(Screen.Query screened, int from, int held) {
            return held < k ? Float.NEGATIVE_INFINITY : screen.threshold(screened, panel, similarities[from + k - 1]);
        }

        private double similarity(int queryRow, int trainRow) {
            float[] a = query.values();
            float[] b = train.values();
            return metric == Metric.COSINE
                    ? dot(a, queryRow * d, b, trainRow * d, d) * queryFactors[queryRow] * trainFactors[trainRow]
                    : -squaredDistance(a, queryRow * d, b, trainRow * d, d);
        }

        /** Inserts a row into the sorted list of the {@code held} best so far that starts at {@code from}. */
        private void insert(int from, int held, int index, double similarity) {
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

        Neighbours result() {
            int[] labels = new int[indices.length];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = train.label(indices[i]);
                if (metric == Metric.EUCLIDEAN) {
                    similarities[i] = -Math.sqrt(-similarities[i]);
                }
            }
            return new Neighbours(metric, k, indices, similarities, labels, train.classes());
        }

        /** What rows are multiplied by before they are compared: their inverse norms, 0 for a row of zeros; or 1. */
        private double[] factors(Features features) {
            double[] factors = new double[features.rows()];
            Arrays.fill(factors, 1);
            if (metric == Metric.COSINE) {
                for (int i = 0; i < factors.length; i++) {
                    double squares = dot(features.values(), i * d, features.values(), i * d, d);
                    factors[i] = squares == 0 ? 0 : 1 / Math.sqrt(squares);
                }
            }
            return factors;
        }
    }

    private static double dot(float[] a, int atA, float[] b, int atB, int d) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int j = 0;
        for (; j + 4 <= d; j += 4) { // four sums, since each has to wait for itself
            s0 += (double) a[atA + j] * b[atB + j];
            s1 += (double) a[atA + j + 1] * b[atB + j + 1];
            s2 += (double) a[atA + j + 2] * b[atB + j + 2];
            s3 += (double) a[atA + j + 3] * b[atB + j + 3];
        }
        for (; j < d; j++) {
            s0 += (double) a[atA + j] * b[atB + j];
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static double squaredDistance(float[] a, int atA, float[] b, int atB, int d) {
        double s0 = 0;
        double s1 = 0;
        int j = 0;
        for (; j + 2 <= d; j += 2) {
            double v0 = (double) a[atA + j] - b[atB + j];
            double v1 = (double) a[atA + j + 1] - b[atB + j + 1];
            s0 += v0 * v0;
            s1 += v1 * v1;
        }
        for (; j < d; j++) {
            double v = (double) a[atA + j] - b[atB + j];
            s0 += v * v;
        }
        return s0 + s1;
    }
}
