package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StandardisationTest {
    @Test
    void of_twoRows_biasedDeviation() {
        Standardisation s = Standardisation.of(Features.unlabelled(new float[] {1, 10, 3, 30}, 2));

        assertThat(s.mean()).containsExactly(2, 20);
        assertThat(s.scale()).containsExactly(1, 10); // the unbiased ones would be sqrt(2) and sqrt(200)
    }

    @Test
    void apply_usesTheTrainingStatistics_andKeepsLabels() {
        Standardisation s = Standardisation.of(Features.unlabelled(new float[] {1, 10, 3, 30}, 2));
        Features test = s.apply(Features.of(new float[] {4, 0}, 2, new int[] {7}));

        assertThat(test.values()).containsExactly(2, -2);
        assertThat(test.label(0)).isEqualTo(7);
    }

    @Test
    void of_constantColumn_scaleOne() {
        float[] values = new float[3000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 3 == 0 ? 0.1f : (i % 3 == 1 ? 1e6f + 0.3f : i);
        }
        Standardisation s = Standardisation.of(Features.unlabelled(values, 3));

        assertThat(s.scale()[0]).isEqualTo(1);
        assertThat(s.scale()[1]).isEqualTo(1);
        assertThat(s.scale()[2]).isCloseTo(3 * Math.sqrt((1000.0 * 1000 - 1) / 12), within(1e-9));
    }

    @Test
    void of_oneRow_becomesZero() {
        Features one = Features.unlabelled(new float[] {5, -3}, 2);

        assertThat(Standardisation.of(one).apply(one).values()).containsExactly(0, 0);
    }

    @Test
    void of_largeMean_smallDeviation() {
        Standardisation s = Standardisation.of(Features.unlabelled(new float[] {1e6f, 1e6f + 0.125f}, 1));

        assertThat(s.scale()[0]).isCloseTo(0.0625, within(1e-9));
    }

    @Test
    void apply_otherDimension() {
        Standardisation s = Standardisation.of(Features.unlabelled(new float[4], 2));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> s.apply(Features.unlabelled(new float[3], 3)))
                .withMessage("features have 3 columns, expected 2 as in training");
    }
}
