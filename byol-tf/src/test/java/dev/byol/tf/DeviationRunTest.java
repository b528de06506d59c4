package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Shape;
import dev.byol.api.method.Deviation;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The deviation of features of which it is known. */
class DeviationRunTest {
    private static double deviation(int rows, float... z) {
        try (Harness harness = Harness.training(Shape.of(rows, z.length / rows))) {
            return harness.run(Map.of("d", Deviation.of(harness.step.view(0))), Map.of("view0", z))
                    .get("d")[0];
        }
    }

    @Test
    void rowsAlongAllAxes_ofBothSigns_haveOne() {
        assertThat(deviation(4, 3, 0, -1, 0, 0, 7, 0, -2)).isCloseTo(1, within(1e-6));
    }

    /** Each dimension is 1 in one row of four: mean 1/4, variance 1/4 - 1/16. */
    @Test
    void orthonormalRows() {
        float[] identity = new float[16];
        for (int i = 0; i < 4; i++) {
            identity[5 * i] = 1;
        }
        assertThat(deviation(4, identity)).isCloseTo(2 * Math.sqrt(3.0 / 16), within(1e-6));
    }

    @Test
    void rowsOfOneDirection_haveNone() {
        assertThat(deviation(3, 1, 2, 2, 2, 4, 4, 0.5f, 1, 1)).isCloseTo(0, within(1e-6));
    }

    @Test
    void oneRow_hasNone() {
        assertThat(deviation(1, 0.3f, -0.7f, 0.1f)).isZero();
    }

    @Test
    void nearlyEqualRows_keepTheirSmallDeviation() {
        float[] z = new float[64 * 8];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (1 + 1e-3 * random.nextDouble());
        }
        double expected = expected(64, z);
        assertThat(expected).isBetween(1e-5, 1e-3);
        assertThat(deviation(64, z)).isCloseTo(expected, within(0.01 * expected));
    }

    @Test
    void randomRows_haveTheMeanOfTheirDimensions() {
        float[] z = new float[32 * 6];
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < z.length; i++) {
            z[i] = (float) (random.nextDouble() * (1 + i % 6) - 0.5);
        }
        assertThat(deviation(32, z)).isCloseTo(expected(32, z), within(1e-5));
    }

    private static double expected(int rows, float... z) {
        int d = z.length / rows;
        double[][] unit = new double[rows][d];
        for (int i = 0; i < rows; i++) {
            double squares = 0;
            for (int j = 0; j < d; j++) {
                squares += (double) z[i * d + j] * z[i * d + j];
            }
            for (int j = 0; j < d; j++) {
                unit[i][j] = z[i * d + j] / Math.sqrt(squares);
            }
        }
        double sum = 0;
        for (int j = 0; j < d; j++) {
            double mean = 0;
            for (double[] u : unit) {
                mean += u[j] / rows;
            }
            double variance = 0;
            for (double[] u : unit) {
                variance += (u[j] - mean) * (u[j] - mean) / rows;
            }
            sum += Math.sqrt(variance) / d;
        }
        return sum * Math.sqrt(d);
    }
}
