package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static double[] rights(int rows, int right) {
        double[] values = new double[rows];
        for (int i = 0; i < right; i++) {
            values[i] = 1;
        }
        return values;
    }

    /** The mean of n resampled rows of which a share p is right is binomial: its deviation is sqrt(p (1 - p) / n). */
    @Test
    void ofMean_ofRights_hasTheWidthOfTheBinomial() {
        for (int right : new int[] {200, 500, 900}) {
            double p = right / 1000.0;
            double half = 1.959964 * Math.sqrt(p * (1 - p) / 1000);
            Interval interval = new Bootstrap(4000, 0.95, 3).ofMean(rights(1000, right));

            assertThat(interval.low()).isCloseTo(p - half, within(0.15 * half));
            assertThat(interval.high()).isCloseTo(p + half, within(0.15 * half));
            assertThat(interval.level()).isEqualTo(0.95);
        }
    }

    /** Of samples drawn with a known mean, about as many intervals hold it as the level says. */
    @Test
    void ofMean_coversTheTruthAsOftenAsTheLevelSays() {
        Random random = new Random(7);
        int covered = 0;
        int samples = 300;
        for (int s = 0; s < samples; s++) {
            double[] values = new double[200];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextDouble() < 0.7 ? 1 : 0;
            }
            covered += new Bootstrap(400, 0.8, s).ofMean(values).contains(0.7) ? 1 : 0;
        }
        assertThat(covered / (double) samples).isBetween(0.72, 0.88);
    }

    @Test
    void ofMean_isDrawnByItsSeed() {
        double[] values = rights(50, 20);
        assertThat(new Bootstrap(200, 0.9, 5).ofMean(values)).isEqualTo(new Bootstrap(200, 0.9, 5).ofMean(values));
        assertThat(new Bootstrap(200, 0.9, 5).ofMean(new Random(1).doubles(50).toArray()))
                .isNotEqualTo(new Bootstrap(200, 0.9, 6)
                        .ofMean(new Random(1).doubles(50).toArray()));
    }

    @Test
    void ofMean_allRight_hasNoWidth() {
        assertThat(new Bootstrap().ofMean(rights(4, 4))).isEqualTo(new Interval(1, 1, 0.95));
    }

    @Test
    void settings_outOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap(99, 0.95, 1))
                .withMessage("resamples must be at least 100, got 99");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap(100, 1, 1))
                .withMessage("level must be in (0, 1), got 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap().ofMean(new double[0]))
                .withMessageContaining("at least one row, got none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Bootstrap().ofMean(new double[] {0, Double.NaN}))
                .withMessage("values must be finite, got NaN at row 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new Interval(1, 0, 0.5));
    }
}
