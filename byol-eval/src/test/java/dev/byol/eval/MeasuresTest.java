package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeasuresTest {
    private static double[][] units(Features features) {
        double[][] units = new double[features.rows()][features.dimension()];
        for (int i = 0; i < units.length; i++) {
            double length = 0;
            for (int j = 0; j < units[i].length; j++) {
                length = Math.hypot(length, features.value(i, j));
            }
            for (int j = 0; j < units[i].length; j++) {
                units[i][j] = length == 0 ? 0 : features.value(i, j) / length;
            }
        }
        return units;
    }

    private static double cosine(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "2, 5", "7, 3", "64, 16", "300, 5", "520, 40"})
    void of_oneSet_likeTheFormulas(int rows, int dimension) {
        Features features = Gaussian.features(rows, dimension, 1);
        double[][] u = units(features);
        double negative = 0;
        double potential = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                if (i != j) {
                    negative += cosine(u[i], u[j]);
                    double squared = 0;
                    for (int k = 0; k < dimension; k++) {
                        squared += Math.pow(u[i][k] - u[j][k], 2);
                    }
                    potential += Math.exp(-2 * squared);
                }
            }
        }
        double pairs = rows * (rows - 1.0);
        double deviation = 0;
        for (int k = 0; k < dimension; k++) {
            int column = k;
            double mean = Arrays.stream(u).mapToDouble(x -> x[column]).average().orElseThrow();
            double variance = Arrays.stream(u)
                    .mapToDouble(x -> Math.pow(x[column] - mean, 2))
                    .average()
                    .orElseThrow();
            deviation += Math.sqrt(variance * dimension) / dimension;
        }

        Measures measures = Measures.of(features);

        assertThat(measures.rows()).isEqualTo(rows);
        assertThat(measures.dimension()).isEqualTo(dimension);
        assertThat(measures.negativeCosine()).isCloseTo(negative / pairs, within(1e-12));
        assertThat(measures.deviation()).isCloseTo(deviation, within(1e-12));
        assertThat(measures.uniformity()).isCloseTo(Math.log(potential / pairs), within(1e-12));
        assertThat(measures.effectiveRank()).isEqualTo(Spectrum.of(features).effectiveRank());
        assertThat(measures.positiveCosine()).isEmpty();
        assertThat(measures.alignment()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "6, 4", "300, 7"})
    void of_twoViews_likeTheFormulas(int rows, int dimension) {
        Features z = Gaussian.features(rows, dimension, 1);
        Features other = Gaussian.features(rows, dimension, 2);
        double[][] u = units(z);
        double[][] v = units(other);
        double positive = 0;
        double negative = 0;
        double alignment = 0;
        double ofFourth = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < rows; j++) {
                negative += i == j ? 0 : cosine(u[i], v[j]);
            }
            double squared = 0;
            for (int k = 0; k < dimension; k++) {
                squared += Math.pow(u[i][k] - v[i][k], 2);
            }
            positive += cosine(u[i], v[i]);
            alignment += squared;
            ofFourth += squared * squared;
        }

        Measures measures = Measures.of(z, other);

        assertThat(measures.positiveCosine().orElseThrow()).isCloseTo(positive / rows, within(1e-12));
        assertThat(measures.negativeCosine()).isCloseTo(negative / (rows * (rows - 1.0)), within(1e-12));
        assertThat(measures.alignment().orElseThrow()).isCloseTo(alignment / rows, within(1e-12));
        assertThat(measures.alignment().orElseThrow())
                .isCloseTo(2 - 2 * measures.positiveCosine().orElseThrow(), within(1e-12));
        assertThat(Measures.alignment(z, other, 2)).isCloseTo(alignment / rows, within(1e-12));
        assertThat(Measures.alignment(z, other, 4)).isCloseTo(ofFourth / rows, within(1e-12));
        assertThat(measures.deviation()).isEqualTo(Measures.of(z).deviation());
        assertThat(measures.uniformity()).isEqualTo(Measures.of(z).uniformity());
        assertThat(measures.effectiveRank()).isEqualTo(Measures.of(z).effectiveRank());
    }

    /** The axes: all cosines 0, all squared distances 2, each dimension 1 once and 0 otherwise. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16, 100})
    void of_orthonormal_closedForms(int n) {
        float[] values = new float[n * n];
        for (int i = 0; i < n; i++) {
            values[i * n + i] = 3;
        }

        Measures measures = Measures.of(Features.unlabelled(values, n));

        assertThat(measures.negativeCosine()).isCloseTo(0, within(1e-15));
        assertThat(measures.uniformity()).isCloseTo(-4, within(1e-12));
        assertThat(measures.deviation()).isCloseTo(Math.sqrt((n - 1.0) / n), within(1e-14));
        double share = 1.0 / n + 1e-7;
        assertThat(measures.effectiveRank()).isCloseTo(Math.exp(-n * share * Math.log(share)), within(1e-11));
        assertThat(measures.deadDimensions()).isZero();
    }

    /** A regular simplex: rows of length 1 that sum to 0 have a mean cosine of -1 / (N - 1), which is the lowest possible. */
    @Test
    void negativeCosine_simplex_isTheLowest() {
        int n = 5;
        float[] values = new float[n * n];
        for (int i = 0; i < n * n; i++) {
            values[i] = (i / n == i % n ? 1 : 0) - 1f / n;
        }

        Measures measures = Measures.of(Features.unlabelled(values, n));

        assertThat(measures.negativeCosine()).isCloseTo(-0.25, within(1e-7));
        assertThat(measures.uniformity()).isCloseTo(-5, within(1e-6)); // squared distances are 2 + 2 / 4
    }

    @Test
    void of_antipodes_closedForms() {
        Measures measures = Measures.of(Features.unlabelled(new float[] {2, 2, -1, -1}, 2));

        assertThat(measures.negativeCosine()).isCloseTo(-1, within(1e-15));
        assertThat(measures.uniformity()).isCloseTo(-8, within(1e-14));
        assertThat(measures.deviation()).isCloseTo(1, within(1e-15));
        assertThat(measures.effectiveRank()).isCloseTo(1, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"2, 3", "100, 64", "300, 8"})
    void of_constant_isCollapse(int rows, int dimension) {
        float[] values = new float[rows * dimension];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i / dimension + 1) * (1 + i % dimension); // one direction, of different lengths
        }
        Features features = Features.unlabelled(values, dimension);

        Measures measures = Measures.of(features, features);

        assertThat(measures.positiveCosine().orElseThrow()).isCloseTo(1, within(1e-14));
        assertThat(measures.negativeCosine()).isCloseTo(1, within(1e-14));
        assertThat(measures.deviation()).isCloseTo(0, within(1e-13));
        assertThat(measures.deadDimensions()).isEqualTo(1);
        assertThat(measures.alignment().orElseThrow()).isCloseTo(0, within(1e-30));
        assertThat(measures.uniformity()).isCloseTo(0, within(1e-14));
        assertThat(measures.effectiveRank()).isCloseTo(1, within(1e-2));
    }

    /** Noise of 1e-6 on a constant: the deviation is that of the noise, to some digits. */
    @Test
    void deviation_nearCollapse_keepsItsDigits() {
        int rows = 1000;
        int d = 4;
        float step = Math.scalb(1f, -20);
        float[] values = new float[rows * d];
        for (int i = 0; i < rows; i++) {
            values[i * d] = 1;
            values[i * d + 1] = i % 2 == 0 ? step : -step;
        }

        double[] deviations = Measures.deviations(Features.unlabelled(values, d));

        assertThat(deviations[1]).isCloseTo(2.0 * step, within(1e-9 * step));
        assertThat(deviations[2]).isZero();
    }

    @Test
    void deadDimensions_areThoseThatNeverFire() {
        int d = 10;
        float[] values = Gaussian.features(200, d, 5).values();
        for (int i = 0; i < values.length; i++) {
            values[i] = i % d < 3 ? 0 : values[i];
        }

        Measures measures = Measures.of(Features.unlabelled(values, d));

        assertThat(measures.deadDimensions()).isEqualTo(0.3);
    }

    /** Directions of normal rows are even on the sphere: cosines have mean 0 and variance 1 / D, and E exp(4 cos) is a series. */
    @Test
    void of_gaussian_isWhatIsExpected() {
        int d = 32;
        double potential = 0;
        double term = 1; // 4^(2m) / (2m)! E cos^(2m) = 4^m / m! / (d (d + 2) ... (d + 2m - 2)) * 2^m
        for (int m = 0; m < 40; m++) {
            potential += term;
            term *= 8.0 / ((m + 1) * (d + 2.0 * m));
        }

        Measures measures = Measures.of(Gaussian.features(4000, d, 6), Gaussian.features(4000, d, 7));

        assertThat(measures.positiveCosine().orElseThrow()).isCloseTo(0, within(4 / Math.sqrt(4000.0 * d)));
        assertThat(measures.negativeCosine()).isCloseTo(0, within(1e-4));
        assertThat(measures.alignment().orElseThrow()).isCloseTo(2, within(0.03));
        assertThat(measures.deviation()).isCloseTo(1, within(2e-3));
        assertThat(measures.uniformity()).isCloseTo(-4 + Math.log(potential), within(2e-3));
        assertThat(measures.effectiveRank()).isBetween(31.9, 32.0);
        assertThat(measures.deadDimensions()).isZero();
    }

    @Test
    void of_oneRow() {
        Measures measures =
                Measures.of(Features.unlabelled(new float[] {3, 4}, 2), Features.unlabelled(new float[] {4, 3}, 2));

        assertThat(measures.positiveCosine()).hasValueCloseTo(0.96, within(1e-15));
        assertThat(measures.alignment()).hasValueCloseTo(0.08, within(1e-15));
        assertThat(measures.negativeCosine()).isNaN();
        assertThat(measures.uniformity()).isNaN();
        assertThat(measures.deviation()).isZero();
        assertThat(measures.deadDimensions()).isEqualTo(1);
        assertThat(measures.effectiveRank()).isCloseTo(1, within(1e-6));
    }

    @Test
    void of_oneDimension() {
        Measures measures = Measures.of(Features.unlabelled(new float[] {3, -4, 5, -6}, 1));

        assertThat(measures.negativeCosine()).isCloseTo(-1 / 3.0, within(1e-15));
        assertThat(measures.deviation()).isEqualTo(1);
        assertThat(measures.effectiveRank()).isCloseTo(1, within(1e-6));
    }

    @Test
    void of_zeros() {
        Measures measures = Measures.of(Features.unlabelled(new float[12], 4), Features.unlabelled(new float[12], 4));

        assertThat(measures.positiveCosine()).hasValue(0);
        assertThat(measures.negativeCosine()).isZero();
        assertThat(measures.deviation()).isZero();
        assertThat(measures.deadDimensions()).isEqualTo(1);
        assertThat(measures.uniformity()).isZero();
        assertThat(measures.effectiveRank()).isZero();
    }

    /** A row of zeros has no direction: cosine 0 and squared distance 1 to all others, like an axis of its own but half as far. */
    @Test
    void of_oneRowOfZeros() {
        Measures measures = Measures.of(Features.unlabelled(new float[] {1, 0, 0, 1, 0, 0}, 2));

        assertThat(measures.negativeCosine()).isCloseTo(0, within(1e-16));
        assertThat(measures.uniformity()).isCloseTo(Math.log((2 * Math.exp(-2) + Math.exp(-4)) / 3), within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"1000, 1", "1000, 7", "1000, 256", "1000, 999", "20, 3"})
    void of_stream_isTheWholeToTheLastBit(int rows, int batch) {
        int d = 24;
        Features features = Gaussian.features(rows, d, 8);
        Stream<float[]> batches = Stream.iterate(0, from -> from < rows, from -> from + batch)
                .map(from -> Arrays.copyOfRange(features.values(), from * d, Math.min(rows, from + batch) * d));

        Measures streamed = Measures.of(batches, d);

        Measures whole = Measures.of(features);
        assertThat(streamed).usingRecursiveComparison().isEqualTo(whole);
        assertThat(streamed.spectrum().values()).isEqualTo(whole.spectrum().values());
    }

    @Test
    void measures_inBetween_areOfTheRowsSoFar() {
        Features first = Gaussian.features(300, 6, 9);
        Features second = Gaussian.features(10, 6, 10);
        MeasuresAccumulator accumulator = MeasuresAccumulator.of(6).add(first);

        Measures before = accumulator.measures();
        Measures after = accumulator.add(second).measures();

        assertThat(before).usingRecursiveComparison().isEqualTo(Measures.of(first));
        assertThat(after)
                .usingRecursiveComparison()
                .isEqualTo(Measures.of(Stream.of(first.values(), second.values()), 6));
        assertThat(accumulator.rows()).isEqualTo(310);
    }

    @Test
    void uniformity_ofADrawnSample_isNearThatOfAll() {
        int rows = 3000;
        int d = 8;
        float[] values = Gaussian.features(rows, d, 11).values();
        for (int i = 0; i < values.length; i++) {
            values[i] += i / d < rows / 2 ? 1 : -1; // sorted by class: a sample of the first rows would see one only
        }
        Features features = Features.unlabelled(values, d);
        double all = Measures.uniformity(features, 2);

        double drawn = MeasuresAccumulator.of(d, 500).add(features).measures().uniformity();

        assertThat(drawn).isNotEqualTo(all).isCloseTo(all, within(0.05));
        assertThat(MeasuresAccumulator.of(d, rows).add(features).measures().uniformity())
                .isEqualTo(all);
        assertThat(Measures.uniformity(Features.unlabelled(Arrays.copyOf(values, rows / 2 * d), d), 2))
                .isGreaterThan(all + 0.3);
    }

    @Test
    void uniformity_otherTemperatures() {
        Features axes = Features.unlabelled(new float[] {1, 0, 0, 1}, 2);

        assertThat(Measures.uniformity(axes, 1)).isCloseTo(-2, within(1e-15));
        assertThat(Measures.uniformity(axes, 0.5)).isCloseTo(-1, within(1e-15));
    }

    @Test
    void add_notFinite_namesRowAndColumnOfTheStream() {
        MeasuresAccumulator accumulator = MeasuresAccumulator.of(3).add(new float[15]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> accumulator.add(new float[] {1, 2, 3, 4, 5, Float.NaN}))
                .withMessage("features must be finite, got NaN at row 6, column 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measures.of(Stream.of(new float[] {1, Float.POSITIVE_INFINITY}), 1))
                .withMessage("features must be finite, got Infinity at row 1, column 0");
        assertThat(accumulator.rows()).isEqualTo(5);
    }

    @Test
    void add_mismatched() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuresAccumulator.of(3).add(new float[4]))
                .withMessage("4 values are not whole rows of 3 columns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuresAccumulator.of(3).add(new float[3], new float[6]))
                .withMessage("two views must have the same size, got 3 and 6 values");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measures.of(Gaussian.features(2, 3, 1), Gaussian.features(3, 2, 1)))
                .withMessage("two views must have the same size, got [2, 3] and [3, 2]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuresAccumulator.of(2).add(Gaussian.features(2, 4, 1)))
                .withMessage("features have 4 columns, expected 2");
    }

    @Test
    void add_pairsAndSingleRows_areNotMixed() {
        MeasuresAccumulator pairs = MeasuresAccumulator.of(1).add(new float[2], new float[2]);
        MeasuresAccumulator single = MeasuresAccumulator.of(1).add(new float[3]);

        assertThatIllegalStateException()
                .isThrownBy(() -> pairs.add(new float[1]))
                .withMessage("2 pairs were added before, expected a pair again");
        assertThatIllegalStateException()
                .isThrownBy(() -> single.add(new float[1], new float[1]))
                .withMessage("3 single rows were added before, expected one set of rows again");
    }

    @Test
    void measures_ofNothing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Measures.of(Stream.empty(), 4))
                .withMessage("measures need at least one row, got none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuresAccumulator.of(0))
                .withMessage("features must have at least one column, got a dimension of 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MeasuresAccumulator.of(1 << 20, 4096))
                .withMessage("uniformity needs at least 2 rows, and at most 2047 of 1048576 columns, got 4096");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void settings_outOfRange(double bad) {
        Features features = Gaussian.features(2, 2, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measures.uniformity(features, bad))
                .withMessage("t must be finite and above 0, got " + bad);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measures.alignment(features, features, bad))
                .withMessage("alpha must be finite and above 0, got " + bad);
    }
}
