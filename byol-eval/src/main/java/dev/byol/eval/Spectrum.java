package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkElementIndex;

import java.util.Arrays;
import java.util.Locale;

/**
 * The singular values of a matrix of features {@code Z [N, D]} as they are, neither centred nor normalised: min(N, D) values, the
 * largest first. A few large ones and a long tail of nothing is dimensional collapse: the features fill a subspace only (Jing,
 * Vincent, LeCun and Tian, "Understanding Dimensional Collapse in Contrastive Self-supervised Learning", ICLR 2022).
 *
 * <p><b>Accuracy.</b> They are square roots of the eigenvalues of {@code Z^T Z} (or of {@code Z Z^T}, where that is smaller), which is
 * summed in double precision row by row, so that memory does not grow with N. Squaring doubles the digits between the largest and the
 * smallest: relative to itself, a value has an error near {@code 1e-16 (sigma_1 / sigma_k)^2}, and those below {@code 1e-8 sigma_1} are
 * noise of that size, where a decomposition of Z itself has digits down to {@code 1e-16 sigma_1} in doubles, and to {@code 1e-7 sigma_1}
 * in floats. That is less than the rounding of features to floats leaves of them, and than the 1e-7 that the
 * {@linkplain #effectiveRank() effective rank} adds to each share. Against numpy's decomposition in doubles of 4,000 x 512 values, with
 * singular values that fall from 1 to {@code 3e-9}, the effective rank differs by {@code 5e-8} of itself; of a matrix of rank 1, by
 * {@code 1e-5}.
 *
 * <p>Immutable.
 */
public final class Spectrum {
    /** What {@linkplain #effectiveRank() RankMe} adds to every share, the resolution of a float: {@value}. */
    public static final double EPSILON = 1e-7;

    private final double[] values;
    private final double sum;

    /** Takes singular values, the largest first, without copying them. */
    Spectrum(double[] values) {
        this.values = values;
        this.sum = Arrays.stream(values).sum();
    }

    /**
     * The spectrum of features {@code [N, D]}. It takes {@code N D min(N, D)} operations and the memory of two matrices
     * {@code [D, D]}; {@link MeasuresAccumulator} does the same with a stream of batches.
     */
    public static Spectrum of(Features features) {
        Gram gram = new Gram(features.dimension());
        for (int row = 0; row < features.rows(); row++) {
            gram.add(features.values(), row * features.dimension());
        }
        return new Spectrum(gram.singularValues());
    }

    /** How many singular values there are: min(N, D), which is the highest rank that was possible. */
    public int size() {
        return values.length;
    }

    /** A singular value, from 0 (the largest) to {@code size() - 1}. */
    public double value(int index) {
        return values[checkElementIndex(index, values.length, "singular value")];
    }

    /** A copy of the singular values, the largest first. */
    public double[] values() {
        return values.clone();
    }

    /**
     * The effective rank, RankMe (Garrido, Balestriero, Najman and LeCun, "RankMe: Assessing the Downstream Performance of Pretrained
     * Self-Supervised Representations by Their Rank", ICML 2023, equations 1 and 2; after Roy and Vetterli, 2007):
     *
     * <pre>
     * exp(- sum_k p_k ln p_k),   p_k = sigma_k / sum_j sigma_j + 1e-7
     * </pre>
     *
     * <p>From 1, where all rows are multiples of one, to min(N, D), where all directions are equally long (the added 1e-7 can take it
     * beyond either end by some thousandths); 0 where all features are 0. High is healthy, but only runs of the same method on the same
     * images, as many of them, can be compared: there it goes along with the accuracy of linear probes. The paper takes 25,600
     * images.
     */
    public double effectiveRank() {
        if (sum == 0) {
            return 0;
        }
        double entropy = 0;
        for (double value : values) {
            double p = value / sum + EPSILON;
            entropy -= p * Math.log(p);
        }
        return Math.exp(entropy);
    }

    /**
     * The share of the sum of squares that the largest singular values have, in [0, 1]: how much of the features lies in the
     * {@code count} most used directions; 0 where all features are 0. Straight growth to 1 is healthy, a jump is not (the cumulative
     * explained variance of Li, Efros and Pathak, "Understanding Collapse in Non-Contrastive Siamese Representation Learning", ECCV
     * 2022, here without centring).
     *
     * @param count of singular values, from 0 to {@link #size()}
     * @throws IllegalArgumentException if count is out of its range
     */
    public double explained(int count) {
        checkArgument(
                count >= 0 && count <= values.length,
                "count must be in [0, %s], the number of singular values, got %s",
                values.length,
                count);
        double first = 0;
        double all = 0;
        for (int i = values.length - 1; i >= 0; i--) {
            double square = values[i] * values[i];
            all += square;
            first += i < count ? square : 0;
        }
        return all == 0 ? 0 : first / all;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Spectrum of %d singular values from %.4g to %.4g, effective rank %.1f",
                values.length,
                values[0],
                values[values.length - 1],
                effectiveRank());
    }
}
