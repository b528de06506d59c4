package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlocksTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 3, 5", "3, 4, 8", "5, 7, 513", "2, 9, 1100"})
    void multiplyAdd_isTheProduct_addedToWhatWasThere(int m, int depth, int width) {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        double[][] a = matrix(random, m, depth);
        double[][] b = matrix(random, depth, width);
        double[][] out = matrix(random, m, width);
        double[][] expected = new double[m][width];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < width; j++) {
                expected[i][j] = out[i][j];
                for (int p = 0; p < depth; p++) {
                    expected[i][j] += a[i][p] * b[p][j];
                }
            }
        }

        Blocks.multiplyAdd(out, a, b, depth, width);

        for (int i = 0; i < m; i++) {
            assertThat(out[i]).containsExactly(expected[i], within(1e-12));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 17", "5, 40"})
    void columns_areTheRowsTransposed(int count, int d) {
        float[] values = new float[(count + 2) * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        double[][] rows = new double[count][d];
        double[][] columns = new double[d][count];

        Blocks.rows(values, d, 1, count, rows);
        Blocks.columns(values, d, 1, count, columns);

        for (int r = 0; r < count; r++) {
            for (int j = 0; j < d; j++) {
                assertThat(rows[r][j]).isEqualTo(values[(1 + r) * d + j]);
                assertThat(columns[j][r]).isEqualTo(values[(1 + r) * d + j]);
            }
        }
    }

    private static double[][] matrix(RandomGenerator random, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int j = 0; j < columns; j++) {
                row[j] = random.nextGaussian();
            }
        }
        return matrix;
    }
}
