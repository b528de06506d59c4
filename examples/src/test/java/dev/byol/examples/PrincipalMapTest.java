package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.eval.Features;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrincipalMapTest {
    /** Rows of length 1 around the first axis, that vary along the second and third by known amounts. */
    @Test
    void of_axes_findsThem_andTheirShares() {
        int n = 400;
        int d = 6;
        float[] values = new float[n * d];
        Random random = new Random(3);
        for (int i = 0; i < n; i++) {
            values[i * d] = 1000;
            values[i * d + 1] = (float) (2 * random.nextGaussian());
            values[i * d + 4] = (float) (-6 * random.nextGaussian());
            values[i * d + 5] = (float) (0.5 * random.nextGaussian());
        }
        PrincipalMap map = PrincipalMap.of(Features.unlabelled(values, d), n);
        double all = 0;
        double first = 0;
        double second = 0;
        double[] mean = new double[d];
        for (int i = 0; i < n; i++) {
            for (int j = 1; j < d; j++) {
                mean[j] += values[i * d + j] / n;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 1; j < d; j++) {
                double v = values[i * d + j] - mean[j];
                all += v * v;
                first += j == 4 ? v * v : 0;
                second += j == 1 ? v * v : 0;
            }
        }
        assertThat(map.firstShare()).isCloseTo(first / all, within(0.01));
        assertThat(map.secondShare()).isCloseTo(second / all, within(0.01));
        for (int i = 0; i < n; i++) {
            double along = (values[i * d + 4] - mean[4]) / 1000;
            assertThat(Math.abs(map.x()[i])).isCloseTo(Math.abs(along), within(6e-4));
        }
    }

    @Test
    void of_moreRowsThanWanted_takesThemEvenly() {
        PrincipalMap map = PrincipalMap.of(Features.unlabelled(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 1), 5);
        assertThat(map.rows()).containsExactly(0, 2, 4, 6, 8);
        assertThat(map.x()).hasSize(5);
    }

    @Test
    void of_equalRows_isOnePoint() {
        PrincipalMap map = PrincipalMap.of(Features.unlabelled(new float[] {1, 2, 1, 2, 1, 2}, 2), 10);
        assertThat(map.x()).containsExactly(new double[3], within(1e-12));
        assertThat(map.y()).containsExactly(new double[3], within(1e-12));
        assertThat(map.firstShare()).isZero();
    }

    @Test
    void of_oneColumn_hasNoSecondDirection() {
        PrincipalMap map = PrincipalMap.of(Features.unlabelled(new float[] {1, -1, 1}, 1), 10);
        assertThat(map.firstShare()).isCloseTo(1, within(1e-9));
        assertThat(map.y()).containsExactly(new double[3], within(1e-9));
    }
}
