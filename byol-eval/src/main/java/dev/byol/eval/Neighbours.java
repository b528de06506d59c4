package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** The k nearest training rows of each of {@code N} queries, the nearest first. */
public final class Neighbours {
    private final Metric metric;
    private final int k;
    private final int[] indices;
    private final double[] similarities;
    private final int[] labels;
    private final int classes;

    Neighbours(Metric metric, int k, int[] indices, double[] similarities, int[] labels, int classes) {
        this.metric = metric;
        this.k = k;
        this.indices = indices;
        this.similarities = similarities;
        this.labels = labels;
        this.classes = classes;
    }

    /** The number of queries N. */
    public int rows() {
        return indices.length / k;
    }

    /** The number of neighbours of each query. */
    public int k() {
        return k;
    }

    /** The training row that is a query's neighbour of a rank, from 0 for the nearest to k - 1. */
    public int index(int row, int rank) {
        return indices[at(row, rank)];
    }

    /** What nearness is measured by. */
    public Metric metric() {
        return metric;
    }

    /**
     * How similar a query and its neighbour of a rank are: their cosine, in [-1, 1] but for rounding, or minus their Euclidean
     * distance.
     */
    public double similarity(int row, int rank) {
        return similarities[at(row, rank)];
    }

    /** The vote of all k neighbours, see {@link #vote(int)}. */
    public Predictions vote() {
        return vote(k);
    }

    /**
     * The uniform vote of the nearest {@code voters}: a class's score is the share of them that have its label. A tie goes to
     * the lowest class index.
     *
     * @param voters how many neighbours vote, from 1 to {@link #k()}
     * @throws IllegalArgumentException if that is out of its range, or if a voter is unlabelled
     */
    public Predictions vote(int voters) {
        return vote(voters, distance -> 1);
    }

    /**
     * The weighted vote of the nearest {@code voters}: a neighbour of {@link #similarity} s adds {@code exp(s / temperature)} to
     * its class; scores are divided by their sum. With cosines this is the classifier of instance discrimination (Wu et al. 2018,
     * arXiv:1805.01978, section 3.4), which uses 200 voters and a temperature of 0.07; with distances, whose unit is that of the
     * features, a temperature has no customary value.
     *
     * @param voters how many neighbours vote, from 1 to {@link #k()}
     * @param temperature positive; the lower, the more the nearest decide
     * @throws IllegalArgumentException if one of them is out of its range, or if a voter is unlabelled
     */
    public Predictions vote(int voters, double temperature) {
        checkArgument(
                temperature > 0 && Double.isFinite(temperature),
                "temperature must be positive and finite, got %s",
                temperature);
        return vote(voters, distance -> Math.exp(-distance / temperature));
    }

    /** A vote in which a neighbour weighs what {@code weight} says of how much less similar it is than the nearest. */
    private Predictions vote(int voters, DoubleUnaryOperator weight) {
        checkArgument(voters >= 1 && voters <= k, "the number of voters must be in [1, %s], got %s", k, voters);
        double[] scores = new double[rows() * classes];
        double[] votes = new double[classes];
        for (int row = 0; row < rows(); row++) {
            Arrays.fill(votes, 0);
            double sum = 0;
            for (int i = row * k; i < row * k + voters; i++) {
                checkArgument(
                        labels[i] != Features.UNLABELLED,
                        "training row %s, which should vote, is unlabelled; leave such rows out with labelledOnly()",
                        indices[i]);
                double w = weight.applyAsDouble(similarities[row * k] - similarities[i]);
                votes[labels[i]] += w;
                sum += w;
            }
            for (int c = 0; c < classes; c++) {
                scores[row * classes + c] = votes[c] / sum;
            }
        }
        return new Predictions(scores, classes);
    }

    private int at(int row, int rank) {
        return checkElementIndex(row, rows(), "row") * k + checkElementIndex(rank, k, "rank");
    }
}
