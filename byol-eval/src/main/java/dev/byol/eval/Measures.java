package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What features {@code Z [N, D]} say about themselves, without labels: whether they have collapsed onto a point or a subspace, and how
 * they are spread. Below, {@code z_i} is row i and {@code u_i = z_i / ||z_i||} (0 for a row of zeros).
 *
 * <p>Some measures compare two views of each image: row i of {@code Z} and row i of {@code Z'} (the target's projection, in BYOL). Those
 * two are empty where only one set was given.
 *
 * <table>
 * <caption>What to expect</caption>
 * <tr><th>measure</th><th>range</th><th>healthy</th><th>collapsed</th></tr>
 * <tr><td>positive cosine</td><td>[-1, 1]</td><td>high, and well above the negative one</td><td>1</td></tr>
 * <tr><td>negative cosine</td><td>[-1, 1]</td><td>well below 1; 0.2 to 0.5 in BYOL</td><td>1</td></tr>
 * <tr><td>deviation</td><td>[0, 1]</td><td>above 0.7</td><td>0</td></tr>
 * <tr><td>dead dimensions</td><td>[0, 1]</td><td>0</td><td>1</td></tr>
 * <tr><td>alignment</td><td>[0, 4]</td><td>low, if uniformity is low too</td><td>0</td></tr>
 * <tr><td>uniformity</td><td>[-8, 0]</td><td>-2 to -3.9</td><td>0</td></tr>
 * <tr><td>effective rank</td><td>[1, min(N, D)]</td><td>high among runs of one method</td><td>1</td></tr>
 * </table>
 *
 * <p>All but uniformity are exact sums over all rows, which a {@linkplain MeasuresAccumulator stream of batches} gives to the last
 * bit like the whole at once. Uniformity needs all pairs: it is exact up to {@link MeasuresAccumulator#UNIFORMITY_ROWS} rows, and
 * beyond taken over all pairs of so many, drawn evenly; {@link #uniformity(Features, double)} takes all whatever their number.
 *
 * @param rows the number of rows N that were measured
 * @param dimension the number of columns D
 * @param positiveCosine {@code mean_i u_i . u'_i}: how alike the two views of an image are ("representation distance" in the plots
 *     of Fetterman and Albrecht, "Understanding self-supervised and contrastive learning with Bootstrap Your Own Latent", 2020)
 * @param negativeCosine {@code mean_{i != j} u_i . u'_j}, or of {@code u_i . u_j} where there is one set: how alike different images
 *     are (ibid.); from two sums of rows, since {@code sum_ij u_i . u'_j = (sum_i u_i) . (sum_j u'_j)}. NaN where N is 1
 * @param deviation {@code sqrt(D) mean_j std_i(u_ij)}, the mean of {@link #deviations(Features)} (Chen and He, "Exploring Simple
 *     Siamese Representation Learning", CVPR 2021, figure 2, where healthy is {@code 1 / sqrt(D)} without the factor). The standard
 *     deviation has N below its fraction, so that 1 is the highest; with N - 1, as in PyTorch, it is {@code sqrt(N / (N - 1))} times this
 * @param deadDimensions the share of dimensions whose {@linkplain #deviations(Features) deviation} is below
 *     {@value #DEAD}: they are the same for all images, as units behind a ReLU that never fires are
 * @param alignment {@code mean_i ||u_i - u'_i||^2} (Wang and Isola, "Understanding Contrastive Representation Learning through
 *     Alignment and Uniformity on the Hypersphere", ICML 2020, with their exponent of 2): {@code 2 - 2} times the positive cosine, if
 *     no row is 0. {@link #alignment(Features, Features, double)} has other exponents
 * @param uniformity {@code ln mean_{i < j} exp(-2 ||u_i - u_j||^2)} (ibid., with their t of 2). Features that are spread over the
 *     sphere evenly have about -4 (from -3.5 for 16 dimensions on). NaN where N is 1
 * @param spectrum the singular values of Z, and with them the {@linkplain Spectrum#effectiveRank() effective rank}
 */
public record Measures(
        long rows,
        int dimension,
        OptionalDouble positiveCosine,
        double negativeCosine,
        double deviation,
        double deadDimensions,
        OptionalDouble alignment,
        double uniformity,
        Spectrum spectrum) {
    /** Dimensions with a deviation below this count as dead: a hundredth of what each has if all have the same. */
    public static final double DEAD = 0.01;

    /** The measures of one set of features; labels are not looked at. */
    public static Measures of(Features features) {
        return MeasuresAccumulator.of(features.dimension()).add(features).measures();
    }

    /**
     * The measures of {@code Z}, and how it agrees with {@code Z'}.
     *
     * @param z features of one view of each image
     * @param other features of another view of the same images, in the same order
     * @throws IllegalArgumentException if the two have not the same numbers of rows and columns
     */
    public static Measures of(Features z, Features other) {
        return MeasuresAccumulator.of(z.dimension()).add(z, other).measures();
    }

    /**
     * The measures of a stream of batches, in memory that does not grow with their number.
     *
     * @param batches {@code [B, D]} each, row-major, of any numbers of rows; not kept
     * @throws IllegalArgumentException if there is no row, if a batch is not of whole rows, or if a value is NaN or infinite (the message
     *     names its row in the stream, and its column)
     */
    public static Measures of(Stream<float[]> batches, int dimension) {
        MeasuresAccumulator accumulator = MeasuresAccumulator.of(dimension);
        batches.forEachOrdered(accumulator::add);
        return accumulator.measures();
    }

    /** The {@linkplain Spectrum#effectiveRank() effective rank}, RankMe: from 1 to min(N, D). */
    public double effectiveRank() {
        return spectrum.effectiveRank();
    }

    /**
     * {@code sqrt(D)} times the standard deviation of each dimension of the normalised features: the squares' mean is 1 minus the
     * squared length of the mean of the normalised rows, so that all are 1 where the features are spread evenly, and 0 on collapse.
     *
     * @return {@code [D]}, each in [0, sqrt(D)]
     */
    public static double[] deviations(Features features) {
        int d = features.dimension();
        UnitMoments moments = new UnitMoments(d);
        double[] unit = new double[d];
        for (int row = 0; row < features.rows(); row++) {
            UnitRows.unit(features.values(), row * d, unit);
            moments.add(unit);
        }
        return moments.deviations();
    }

    /**
     * Alignment with any exponent: {@code mean_i ||u_i - u'_i||^alpha}.
     *
     * @param alpha above 0; 2 in the paper
     * @throws IllegalArgumentException if alpha is not above 0, or if the two have not the same numbers of rows and columns
     */
    public static double alignment(Features z, Features other, double alpha) {
        checkArgument(alpha > 0 && Double.isFinite(alpha), "alpha must be finite and above 0, got %s", alpha);
        requireSameSize(z, other);
        int d = z.dimension();
        double[] a = new double[d];
        double[] b = new double[d];
        double sum = 0;
        for (int row = 0; row < z.rows(); row++) {
            UnitRows.unit(z.values(), row * d, a);
            UnitRows.unit(other.values(), row * d, b);
            sum += Math.pow(squaredDistance(a, b), alpha / 2);
        }
        return sum / z.rows();
    }

    /**
     * Uniformity over all pairs of rows, however many, with any temperature: {@code ln mean_{i < j} exp(-t ||u_i - u_j||^2)}. It takes
     * {@code N^2 D} operations, and memory for a few blocks of {@code 256 x D} numbers.
     *
     * @param t above 0; 2 in the paper
     * @return in [-4t, 0]; NaN for a single row
     * @throws IllegalArgumentException if t is not above 0
     */
    public static double uniformity(Features features, double t) {
        checkArgument(t > 0 && Double.isFinite(t), "t must be finite and above 0, got %s", t);
        return PairDistances.logMeanPotential(features.values(), features.dimension(), features.rows(), t);
    }

    static void requireSameSize(Features z, Features other) {
        checkArgument(
                z.rows() == other.rows() && z.dimension() == other.dimension(),
                "two views must have the same size, got [%s, %s] and [%s, %s]",
                z.rows(),
                z.dimension(),
                other.rows(),
                other.dimension());
    }

    static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            double difference = a[j] - b[j];
            sum += difference * difference;
        }
        return sum;
    }
}
