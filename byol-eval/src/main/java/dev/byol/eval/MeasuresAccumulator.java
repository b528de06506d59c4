package dev.byol.eval;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/**
 * Takes features batch by batch and measures all of them: {@link Measures} of a set that need not be in memory. How the rows are cut
 * into batches changes no bit of the result.
 *
 * <pre>{@code
 * MeasuresAccumulator accumulator = MeasuresAccumulator.of(512);
 * for (float[] batch : batches) {
 *     accumulator.add(batch);
 * }
 * Measures measures = accumulator.measures();
 * }</pre>
 *
 * <p>Memory is {@code 20 D^2} bytes at most, and the rows that are kept for uniformity. Not safe for use by several threads at once.
 */
public final class MeasuresAccumulator {
    /** Uniformity is taken over all pairs of at most so many rows, unless another number is given: {@value}. */
    public static final int UNIFORMITY_ROWS = 4096;

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int dimension;
    private final Gram gram;
    private final UnitMoments moments;
    private final UnitMoments others;
    private final Reservoir sample;
    private final double[] unit;
    private final double[] otherUnit;
    private long rows;
    private long pairs;
    private double ownSquares;
    private double cosines;
    private double distances;

    private MeasuresAccumulator(int dimension, int uniformityRows) {
        checkArgument(dimension >= 1, "features must have at least one column, got a dimension of %s", dimension);
        checkArgument(
                uniformityRows >= 2 && (long) uniformityRows * dimension <= LARGEST_ARRAY,
                "uniformity needs at least 2 rows, and at most %s of %s columns, got %s",
                LARGEST_ARRAY / dimension,
                dimension,
                uniformityRows);
        this.dimension = dimension;
        this.gram = new Gram(dimension);
        this.moments = new UnitMoments(dimension);
        this.others = new UnitMoments(dimension);
        this.sample = new Reservoir(dimension, uniformityRows);
        this.unit = new double[dimension];
        this.otherUnit = new double[dimension];
    }

    /**
     * For features of so many columns.
     *
     * @throws IllegalArgumentException if the dimension is below 1
     */
    public static MeasuresAccumulator of(int dimension) {
        return of(dimension, UNIFORMITY_ROWS);
    }

    /**
     * For features of so many columns, with uniformity over all pairs of at most so many rows. Of more rows, that many are drawn, each
     * row as likely as any other, by a generator with a fixed seed.
     *
     * @param uniformityRows at least 2; uniformity costs their square times the dimension, and their number times the dimension of floats
     * @throws IllegalArgumentException if one is out of its range
     */
    public static MeasuresAccumulator of(int dimension, int uniformityRows) {
        return new MeasuresAccumulator(dimension, uniformityRows);
    }

    /**
     * Adds rows.
     *
     * @param batch {@code [B, D]}, row-major, finite; not kept
     * @return this
     * @throws IllegalArgumentException if the batch is not of whole rows, or if a value is NaN or infinite (the message names its row,
     *     counted over all batches, and its column); nothing of the batch is added then
     * @throws IllegalStateException if pairs were added before
     */
    public MeasuresAccumulator add(float[] batch) {
        checkState(pairs == 0, "%s pairs were added before, expected a pair again", pairs);
        checkRows(batch);
        for (int from = 0; from < batch.length; from += dimension) {
            addRow(batch, from);
        }
        return this;
    }

    /**
     * Adds rows of two views of the same images.
     *
     * @param z {@code [B, D]}, row-major, finite: what is measured
     * @param other {@code [B, D]}, row-major, finite: what it is compared with
     * @return this
     * @throws IllegalArgumentException if the two differ in length, if they are not of whole rows, or if a value is NaN or infinite
     *     (the message names its row, counted over all batches, and its column); nothing is added then
     * @throws IllegalStateException if single rows were added before
     */
    public MeasuresAccumulator add(float[] z, float[] other) {
        checkState(pairs == rows, "%s single rows were added before, expected one set of rows again", rows);
        checkArgument(
                z.length == other.length,
                "two views must have the same size, got %s and %s values",
                z.length,
                other.length);
        checkRows(z);
        checkRows(other);
        for (int from = 0; from < z.length; from += dimension) {
            addRow(z, from);
            UnitRows.unit(other, from, otherUnit);
            others.add(otherUnit);
            cosines += CurvatureMemory.dot(unit, otherUnit);
            distances += Measures.squaredDistance(unit, otherUnit);
            pairs++;
        }
        return this;
    }

    /**
     * Adds features, whose labels are not looked at; like {@link #add(float[])}.
     *
     * @throws IllegalArgumentException if they have not {@code D} columns
     */
    public MeasuresAccumulator add(Features features) {
        return add(values(features));
    }

    /**
     * Adds features of two views of the same images; like {@link #add(float[], float[])}.
     *
     * @throws IllegalArgumentException if one has not {@code D} columns, or if they differ in rows
     */
    public MeasuresAccumulator add(Features z, Features other) {
        Measures.requireSameSize(z, other);
        return add(values(z), values(other));
    }

    private float[] values(Features features) {
        checkArgument(
                features.dimension() == dimension,
                "features have %s columns, expected %s",
                features.dimension(),
                dimension);
        return features.values();
    }

    /** The number of rows so far. */
    public long rows() {
        return rows;
    }

    /**
     * The measures of all rows so far; more may be added afterwards.
     *
     * @throws IllegalStateException if there is no row yet
     */
    public Measures measures() {
        checkState(rows > 0, "measures need at least one row, got none");
        double[] deviations = moments.deviations();
        double dead = Arrays.stream(deviations).filter(s -> s < Measures.DEAD).count();
        boolean paired = pairs > 0;
        double all = CurvatureMemory.dot(moments.sum(), paired ? others.sum() : moments.sum());
        double negative = (all - (paired ? cosines : ownSquares)) / ((double) rows * (rows - 1)); // 0 / 0 for one row
        return new Measures(
                rows,
                dimension,
                paired ? OptionalDouble.of(cosines / rows) : OptionalDouble.empty(),
                rows == 1 ? Double.NaN : negative,
                Arrays.stream(deviations).average().orElseThrow(),
                dead / dimension,
                paired ? OptionalDouble.of(distances / rows) : OptionalDouble.empty(),
                PairDistances.logMeanPotential(sample.values(), dimension, sample.size(), 2),
                new Spectrum(gram.singularValues()));
    }

    private void addRow(float[] values, int from) {
        gram.add(values, from);
        ownSquares += UnitRows.unit(values, from, unit);
        moments.add(unit);
        sample.add(values, from);
        rows++;
    }

    private void checkRows(float[] values) {
        checkArgument(
                values.length % dimension == 0, "%s values are not whole rows of %s columns", values.length, dimension);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("features must be finite, got " + values[i] + " at row "
                        + (rows + i / dimension) + ", column " + i % dimension);
            }
        }
    }

    /** So many rows of a stream, each as likely as any other (Vitter's algorithm R); the draws depend on a row's position alone. */
    private static final class Reservoir {
        private final int dimension;
        private final int capacity;
        private final SplittableRandom random = new SplittableRandom(0);
        private float[] values = new float[0];
        private long seen;

        Reservoir(int dimension, int capacity) {
            this.dimension = dimension;
            this.capacity = capacity;
        }

        void add(float[] from, int at) {
            long place = seen < capacity ? seen : random.nextLong(seen + 1);
            seen++;
            if (place >= capacity) {
                return;
            }
            int to = (int) place * dimension;
            if (to == values.length) {
                long larger = Math.min(capacity, Math.max(16, 2 * place));
                values = Arrays.copyOf(values, (int) larger * dimension);
            }
            System.arraycopy(from, at, values, to, dimension);
        }

        int size() {
            return (int) Math.min(seen, capacity);
        }

        float[] values() {
            return values;
        }
    }
}
