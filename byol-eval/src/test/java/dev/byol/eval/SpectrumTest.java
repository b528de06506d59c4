package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpectrumTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "7, 1", "5, 8", "8, 8", "9, 8", "300, 8", "700, 300", "3, 600"})
    void values_squaresSumToThoseOfTheFeatures(int rows, int dimension) {
        Features features = Gaussian.features(rows, dimension, 1);

        Spectrum spectrum = Spectrum.of(features);

        double squares = 0;
        for (float v : features.values()) {
            squares += (double) v * v;
        }
        assertThat(spectrum.size()).isEqualTo(Math.min(rows, dimension));
        assertThat(spectrum.values()).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(Arrays.stream(spectrum.values()).map(s -> s * s).sum()).isCloseTo(squares, within(1e-9 * squares));
        assertThat(spectrum.explained(spectrum.size())).isEqualTo(1);
        assertThat(spectrum.explained(0)).isZero();
    }

    /** Rows and columns of a matrix have the same singular values: one way is by Z Z^T, the other by Z^T Z. */
    @ParameterizedTest
    @CsvSource({"5, 9", "1, 4", "100, 300", "520, 540"})
    void values_areThoseOfTheTranspose(int rows, int dimension) {
        float[] values = Gaussian.features(rows, dimension, 2).values();
        float[] transposed = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            transposed[i % dimension * rows + i / dimension] = values[i];
        }

        double[] wide = Spectrum.of(Features.unlabelled(values, dimension)).values();
        double[] tall = Spectrum.of(Features.unlabelled(transposed, rows)).values();

        assertThat(tall).containsExactly(wide, within(1e-10 * wide[0]));
    }

    @Test
    void effectiveRank_orthonormalRows_isTheirNumber() {
        int n = 16;
        float[] hadamard = new float[n * n];
        for (int i = 0; i < n * n; i++) {
            hadamard[i] = Integer.bitCount(i / n & i % n) % 2 == 0 ? 0.25f : -0.25f;
        }

        Spectrum spectrum = Spectrum.of(Features.unlabelled(hadamard, n));

        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        assertThat(spectrum.values()).containsExactly(ones, within(1e-14));
        assertThat(spectrum.effectiveRank()).isCloseTo(n, within(n * 1e-5));
        assertThat(spectrum.explained(4)).isCloseTo(0.25, within(1e-14));
    }

    @Test
    void effectiveRank_rankOne_isOne() {
        int rows = 40;
        int d = 12;
        float[] values = new float[rows * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i / d - 7) * (i % d + 1);
        }

        Spectrum spectrum = Spectrum.of(Features.unlabelled(values, d));

        double rowSquares = 0;
        for (int i = 0; i < rows; i++) {
            rowSquares += (i - 7) * (i - 7);
        }
        assertThat(spectrum.value(0)).isCloseTo(Math.sqrt(rowSquares * 650), within(1e-9)); // 1 + 4 + ... + 144 = 650
        assertThat(spectrum.effectiveRank()).isCloseTo(1, within(1e-4)).isGreaterThan(1);
        assertThat(spectrum.explained(1)).isCloseTo(1, within(1e-14));
    }

    /** Singular values 3, 2, 1 have shares 1/2, 1/3, 1/6. */
    @Test
    void effectiveRank_threeDirections_closedForm() {
        Spectrum spectrum = Spectrum.of(Features.unlabelled(new float[] {0, 3, 0, -2, 0, 0, 0, 0, 1, 0, 0, 0}, 3));

        double entropy = Math.log(2) / 2 + Math.log(3) / 3 + Math.log(6) / 6;
        assertThat(spectrum.values()).containsExactly(new double[] {3, 2, 1}, within(1e-14));
        assertThat(spectrum.effectiveRank()).isCloseTo(Math.exp(entropy), within(1e-5));
        assertThat(spectrum.explained(2)).isCloseTo(13 / 14.0, within(1e-14));
    }

    @Test
    void effectiveRank_isOfSharesPlusEpsilon() {
        Spectrum spectrum = Spectrum.of(Gaussian.features(50, 6, 3));

        double sum = Arrays.stream(spectrum.values()).sum();
        double entropy = Arrays.stream(spectrum.values())
                .map(s -> s / sum + 1e-7)
                .map(p -> -p * Math.log(p))
                .sum();
        assertThat(spectrum.effectiveRank()).isCloseTo(Math.exp(entropy), within(1e-12));
    }

    /** Of N rows of D independent normal values, the singular values lie in sqrt(N) ± sqrt(D), nearly (Marchenko and Pastur). */
    @Test
    void values_gaussian_lieWhereTheyMust() {
        Spectrum spectrum = Spectrum.of(Gaussian.features(10_000, 100, 4));

        assertThat(spectrum.value(0)).isBetween(109.0, 111.0);
        assertThat(spectrum.value(99)).isBetween(89.0, 91.0);
        assertThat(spectrum.effectiveRank()).isBetween(99.7, 100.0);
    }

    @Test
    void of_zeros() {
        Spectrum spectrum = Spectrum.of(Features.unlabelled(new float[12], 4));

        assertThat(spectrum.values()).containsExactly(0, 0, 0);
        assertThat(spectrum.effectiveRank()).isZero();
        assertThat(spectrum.explained(2)).isZero();
    }

    @Test
    void of_oneRow_isItsLength() {
        Spectrum spectrum = Spectrum.of(Features.unlabelled(new float[] {3, 0, -4}, 3));

        assertThat(spectrum.values()).containsExactly(5);
        assertThat(spectrum.effectiveRank()).isCloseTo(1, within(1e-6));
        assertThat(spectrum).hasToString("Spectrum of 1 singular values from 5.000 to 5.000, effective rank 1.0");
    }

    @Test
    void of_extremeFloats() {
        Spectrum large = Spectrum.of(Features.unlabelled(new float[] {3e38f, 0, 0, 1e38f}, 2));
        Spectrum small = Spectrum.of(Features.unlabelled(new float[] {3e-38f, 0, 0, 1e-38f}, 2));

        assertThat(large.value(1) / large.value(0)).isCloseTo(1 / 3.0, within(1e-7));
        assertThat(small.value(1) / small.value(0)).isCloseTo(1 / 3.0, within(1e-7));
    }

    @Test
    void index_outOfRange() {
        Spectrum spectrum = Spectrum.of(Gaussian.features(3, 2, 5));

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> spectrum.value(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spectrum.explained(3))
                .withMessage("count must be in [0, 2], the number of singular values, got 3");
    }

    /**
     * Against numpy, on singular values that fall from 1 to 1e-9: what squaring costs. The files are from
     *
     * <pre>
     * import numpy as np
     * r = np.random.RandomState(0)
     * u, _ = np.linalg.qr(r.randn(400, 64)); v, _ = np.linalg.qr(r.randn(64, 64))
     * z = (u * 10 ** -np.linspace(0, 9, 64)) @ v.T
     * z = z.astype(np.float32); np.save('graded.npy', z)
     * s = np.linalg.svd(z.astype(np.float64), compute_uv=False); p = s / s.sum() + 1e-7
     * np.savetxt('graded.txt', np.append(s, np.exp(-(p * np.log(p)).sum())))
     * </pre>
     */
    @Test
    void values_likeNumpysOfTheMatrixItself(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("graded.npy");
        try (InputStream in = resource("graded.npy")) {
            Files.copy(in, file);
        }
        double[] expected;
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(resource("graded.txt"), StandardCharsets.US_ASCII))) {
            expected = in.lines().mapToDouble(Double::parseDouble).toArray();
        }
        double rank = expected[expected.length - 1];

        Spectrum spectrum = Spectrum.of(NpyReader.readFeatures(file));

        assertThat(spectrum.size()).isEqualTo(expected.length - 1);
        for (int k = 0; k < spectrum.size(); k++) {
            double squared = Math.abs(Math.pow(spectrum.value(k), 2) - Math.pow(expected[k], 2));
            assertThat(squared).as("square of value %s", k).isLessThan(2e-15 * Math.pow(expected[0], 2));
        }
        assertThat(spectrum.effectiveRank()).isCloseTo(rank, within(1e-6 * rank));
    }

    private static InputStream resource(String name) {
        InputStream in = SpectrumTest.class.getResourceAsStream(name);
        assertThat(in).as(name).isNotNull();
        return in;
    }
}
