package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatBlocksTest {
    @ParameterizedTest
    @CsvSource({"1,1,1", "2,2,2", "3,5,7", "4,8,1280", "5,3,33", "64,17,100"})
    void multiplyAdd_equalsTheSum(int rows, int depth, int width) {
        Random random = new Random(1);
        float[][] a = fill(random, new float[rows][depth]);
        float[][] b = fill(random, FloatBlocks.rows(depth, width));
        float[][] out = fill(random, FloatBlocks.rows(rows + 1, width));
        float untouched = out[rows][0];
        double[][] expected = new double[rows][width];
        for (int m = 0; m < rows; m++) {
            for (int j = 0; j < width; j++) {
                expected[m][j] = out[m][j];
                for (int p = 0; p < depth; p++) {
                    expected[m][j] += (double) a[m][p] * b[p][j];
                }
            }
        }
        FloatBlocks.multiplyAdd(out, a, b, rows, depth, width);

        for (int m = 0; m < rows; m++) {
            for (int j = 0; j < width; j++) {
                assertThat((double) out[m][j]).isCloseTo(expected[m][j], within(1e-5 * depth));
            }
        }
        assertThat(out[rows][0]).isEqualTo(untouched);
    }

    private static float[][] fill(Random random, float[][] rows) {
        for (float[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                row[j] = (float) random.nextGaussian();
            }
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({"1,1", "40,3", "17,33"})
    void columns_areTheTransposedRows(int rows, int d) {
        float[] values = new float[rows * d];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        float[][] out = new float[d][rows - 1];
        FloatBlocks.columns(values, d, 1, rows - 1, out);
        for (int j = 0; j < d; j++) {
            for (int r = 0; r < rows - 1; r++) {
                assertThat(out[j][r]).isEqualTo(values[(r + 1) * d + j]);
            }
        }
    }
}
