package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known at a step of training about whether the network collapses; a {@link CollapseWatch} reads it. What was not measured at
 * this step is empty. Values may be NaN or infinite: that is evidence, too.
 *
 * <pre>{@code
 * CollapseEvidence.at(step, loss).cosines(0.91, 0.34).effectiveRank(41.5, 64)
 * }</pre>
 *
 * <p>The measures are those of {@link Measures}, of the projections of one batch.
 *
 * @param step the number of updates before this one, at least 0
 * @param loss of this step
 * @param positiveCosine mean cosine of the two views of an image
 * @param negativeCosine mean cosine of different images
 * @param deviation mean deviation of the normalised features' dimensions, times the root of their number
 * @param effectiveRank RankMe, from 1 to {@code highestRank}
 * @param highestRank min(B, D) of the batch {@code [B, D]} whose effective rank it is; 0 if there is none
 */
public record CollapseEvidence(
        long step,
        double loss,
        OptionalDouble positiveCosine,
        OptionalDouble negativeCosine,
        OptionalDouble deviation,
        OptionalDouble effectiveRank,
        int highestRank) {
    /**
     * @throws IllegalArgumentException if the step is negative, or if there is an effective rank and no highest one, or the other way round
     */
    public CollapseEvidence {
        checkArgument(step >= 0, "step must be at least 0, got %s", step);
        checkArgument(
                effectiveRank.isPresent() ? highestRank >= 1 : highestRank == 0,
                "the highest rank must be at least 1 with an effective rank, and 0 without one, got %s",
                highestRank);
    }

    /** The loss of a step, and nothing else yet. */
    public static CollapseEvidence at(long step, double loss) {
        OptionalDouble none = OptionalDouble.empty();
        return new CollapseEvidence(step, loss, none, none, none, none, 0);
    }

    /** This, with both cosines. */
    public CollapseEvidence cosines(double positive, double negative) {
        return new CollapseEvidence(
                step,
                loss,
                OptionalDouble.of(positive),
                OptionalDouble.of(negative),
                deviation,
                effectiveRank,
                highestRank);
    }

    /** This, with the deviation. */
    public CollapseEvidence deviation(double value) {
        return new CollapseEvidence(
                step, loss, positiveCosine, negativeCosine, OptionalDouble.of(value), effectiveRank, highestRank);
    }

    /**
     * This, with the effective rank.
     *
     * @param rank of the features of a batch {@code [B, D]}
     * @param highest min(B, D), at least 1
     * @throws IllegalArgumentException if {@code highest} is below 1
     */
    public CollapseEvidence effectiveRank(double rank, int highest) {
        return new CollapseEvidence(
                step, loss, positiveCosine, negativeCosine, deviation, OptionalDouble.of(rank), highest);
    }

    /**
     * This, with the effective rank of the projections of a batch; it is NaN if one of them is not finite.
     *
     * @param z {@code [B][D]}
     * @throws IllegalArgumentException if there is no row, or if the rows are not of one length
     */
    public CollapseEvidence effectiveRank(float[][] z) {
        checkArgument(z.length > 0, "the effective rank needs at least one row, got none");
        int dimension = z[0].length;
        float[] values = new float[z.length * dimension];
        boolean isFinite = true;
        for (int row = 0; row < z.length; row++) {
            checkArgument(
                    z[row].length == dimension,
                    "all rows must be as long as the first, %s, row %s has %s values",
                    dimension,
                    row,
                    z[row].length);
            for (int j = 0; j < dimension; j++) {
                values[row * dimension + j] = z[row][j];
                isFinite &= Float.isFinite(z[row][j]);
            }
        }
        double rank =
                isFinite ? Spectrum.of(Features.unlabelled(values, dimension)).effectiveRank() : Double.NaN;
        return effectiveRank(rank, Math.min(z.length, dimension));
    }

    /** This, with all that measures of the step's features say; a single row has no negative cosine. */
    public CollapseEvidence measures(Measures measures) {
        return new CollapseEvidence(
                step,
                loss,
                measures.positiveCosine(),
                measures.rows() > 1 ? OptionalDouble.of(measures.negativeCosine()) : OptionalDouble.empty(),
                OptionalDouble.of(measures.deviation()),
                OptionalDouble.of(measures.effectiveRank()),
                measures.spectrum().size());
    }

    /** The first value that is NaN or infinite, in words, if there is one. */
    Optional<String> notFinite() {
        if (!Double.isFinite(loss)) {
            return Optional.of("the loss is " + loss);
        }
        return notFinite("positive cosine", positiveCosine)
                .or(() -> notFinite("negative cosine", negativeCosine))
                .or(() -> notFinite("deviation", deviation))
                .or(() -> notFinite("effective rank", effectiveRank));
    }

    private static Optional<String> notFinite(String name, OptionalDouble value) {
        return value.isPresent() && !Double.isFinite(value.getAsDouble())
                ? Optional.of("the " + name + " is " + value.getAsDouble())
                : Optional.empty();
    }

    /** What is known, such as "loss 0.00031, negative cosine 0.9993". */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "loss %.3g", loss));
        positiveCosine.ifPresent(v -> text.append(String.format(Locale.ROOT, ", positive cosine %.4f", v)));
        negativeCosine.ifPresent(v -> text.append(String.format(Locale.ROOT, ", negative cosine %.4f", v)));
        deviation.ifPresent(v -> text.append(String.format(Locale.ROOT, ", deviation %.3g", v)));
        effectiveRank.ifPresent(
                v -> text.append(String.format(Locale.ROOT, ", effective rank %.1f of %d", v, highestRank)));
        return text.toString();
    }
}
