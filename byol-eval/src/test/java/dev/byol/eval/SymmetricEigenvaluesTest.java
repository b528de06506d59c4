package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetricEigenvaluesTest {
    @Test
    void of_one() {
        assertThat(SymmetricEigenvalues.of(new double[][] {{-3}})).containsExactly(-3);
        assertThat(SymmetricEigenvalues.of(new double[][] {{0}})).containsExactly(0);
    }

    @Test
    void of_two() {
        double[] values = SymmetricEigenvalues.of(new double[][] {{2, 1}, {1, 2}});

        assertThat(values).containsExactly(new double[] {3, 1}, within(1e-15));
    }

    @Test
    void of_diagonal_sortsIt() {
        double[][] diagonal = new double[5][5];
        for (int i = 0; i < 5; i++) {
            diagonal[i][i] = i % 2 == 0 ? i : -i;
        }

        assertThat(SymmetricEigenvalues.of(diagonal)).containsExactly(new double[] {4, 2, 0, -1, -3}, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 33, 100})
    void of_secondDifferences_closedForm(int n) {
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            matrix[i][i] = 2;
            if (i > 0) {
                matrix[i][i - 1] = -1;
                matrix[i - 1][i] = -1;
            }
        }
        double[] expected = new double[n];
        for (int k = 0; k < n; k++) {
            expected[k] = 2 - 2 * Math.cos(Math.PI * (n - k) / (n + 1));
        }

        assertThat(SymmetricEigenvalues.of(matrix)).containsExactly(expected, within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 6, 7, 40, 129})
    void of_reflectedDiagonal_isTheDiagonal(int n) {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        double[] expected = random.doubles(n, -5, 5).toArray();
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            matrix[i][i] = expected[i];
        }
        for (int reflection = 0; reflection < 5; reflection++) {
            reflect(matrix, random.doubles(n, -1, 1).toArray());
        }
        Arrays.sort(expected);

        double[] values = SymmetricEigenvalues.of(matrix);

        Arrays.sort(values);
        assertThat(values).containsExactly(expected, within(1e-12));
    }

    @Test
    void of_multipleEigenvalue() {
        int n = 20;
        double[][] ones = new double[n][n];
        for (double[] row : ones) {
            Arrays.fill(row, 1);
        }

        double[] values = SymmetricEigenvalues.of(ones);

        assertThat(values[0]).isCloseTo(n, within(1e-13));
        assertThat(Arrays.copyOfRange(values, 1, n)).containsExactly(new double[n - 1], within(1e-13));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-300, 1e-160, 1e160, 1e300})
    void of_extremeScale(double scale) {
        double[] values = SymmetricEigenvalues.of(new double[][] {
            {2 * scale, scale, 0},
            {scale, 2 * scale, scale},
            {0, scale, 2 * scale}
        });

        for (int k = 0; k < 3; k++) {
            assertThat(values[k] / scale).isCloseTo(2 + (1 - k) * Math.sqrt(2), within(1e-14));
        }
    }

    /** Similarity by {@code H = I - 2 v v^T / v^T v}, element by element. */
    private static void reflect(double[][] matrix, double[] v) {
        int n = v.length;
        double[][] h = new double[n][n];
        double square = Arrays.stream(v).map(x -> x * x).sum();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                h[i][j] = (i == j ? 1 : 0) - 2 * v[i] * v[j] / square;
            }
        }
        double[][] product = product(product(h, matrix), h);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                matrix[i][j] = (product[i][j] + product[j][i]) / 2;
            }
        }
    }

    private static double[][] product(double[][] a, double[][] b) {
        int n = a.length;
        double[][] out = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int k = 0; k < n; k++) {
                    out[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return out;
    }
}
