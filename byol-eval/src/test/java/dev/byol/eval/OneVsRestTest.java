package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class OneVsRestTest {
    private static Features random(int rows, int d, int classes, long seed) {
        Random random = new Random(seed);
        float[] x = new float[rows * d];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i % classes;
            for (int j = 0; j < d; j++) {
                x[i * d + j] = (float) (random.nextGaussian() + (j == labels[i] ? 1.5 : 0));
            }
        }
        return Features.of(x, d, labels);
    }

    /** Where the objective is least its derivatives vanish: here from the formula, class by class. */
    @Test
    void fit_derivativesVanish() {
        Features train = random(60, 4, 3, 1);
        double c = 0.7;
        OneVsRestModel model = new OneVsRest(c, 1e-9, 5000).fit(train);

        for (int k = 0; k < 3; k++) {
            double[] gradient = new double[5];
            for (int i = 0; i < train.rows(); i++) {
                double z = model.intercepts()[k];
                for (int j = 0; j < 4; j++) {
                    z += model.coefficients()[k * 4 + j] * train.values()[i * 4 + j];
                }
                double t = train.label(i) == k ? 1 : -1;
                double slope = -c * t / (1 + Math.exp(t * z));
                for (int j = 0; j < 4; j++) {
                    gradient[j] += slope * train.values()[i * 4 + j];
                }
                gradient[4] += slope;
            }
            for (int j = 0; j < 4; j++) {
                assertThat(gradient[j] + model.coefficients()[k * 4 + j]).isCloseTo(0, within(1e-7));
            }
            assertThat(gradient[4] + model.intercepts()[k]).isCloseTo(0, within(1e-7));
        }
    }

    /** One feature that is always 0: all that is left is the intercept, b with b = C (n1 sigmoid(-b) - n0 sigmoid(b)). */
    @Test
    void fit_penalisesTheIntercept() {
        Features train = Features.of(new float[10], 1, new int[] {0, 0, 0, 0, 0, 0, 0, 0, 1, 1});
        double b = new OneVsRest(2, 1e-10, 1000).fit(train).intercepts()[0];

        double sigmoid = 1 / (1 + Math.exp(-b));
        assertThat(b).isCloseTo(2 * (8 * (1 - sigmoid) - 2 * sigmoid), within(1e-8));
        assertThat(b).isLessThan(Math.log(4)); // without a penalty
    }

    @Test
    void predict_normalisedSigmoids() {
        OneVsRestModel model = new OneVsRestModel(new double[] {1, -1, 0}, new double[] {0, 0, Math.log(3)});
        Predictions predictions = model.predict(Features.of(new float[] {0, 2000}, 1, new int[] {0, 0}));

        assertThat(predictions.score(0, 0)).isCloseTo(0.5 / 1.75, within(1e-12));
        assertThat(predictions.score(0, 2)).isCloseTo(0.75 / 1.75, within(1e-12));
        assertThat(predictions.label(0)).isEqualTo(2);
        assertThat(predictions.label(1)).isZero();
    }

    @Test
    void predict_farBelowZero_staysFinite() {
        OneVsRestModel model = new OneVsRestModel(new double[] {-1000, -2000}, new double[] {0, 0});
        Predictions predictions = model.predict(Features.of(new float[] {1}, 1, new int[] {0}));

        assertThat(predictions.score(0, 0)).isCloseTo(1, within(1e-12));
        assertThat(predictions.label(0)).isZero();
    }

    @Test
    void fit_absentClass_isNeverPredicted() {
        Features train = Features.of(new float[] {-1, -2, 1, 2}, 1, new int[] {0, 0, 2, 2});
        Predictions predictions = new OneVsRest().fit(train).predict(train);

        assertThat(predictions.accuracy(train)).isEqualTo(1);
        assertThat(predictions.score(0, 1)).isZero();
    }

    /** The first half says that class 0 lies below zero, the second one the opposite in three rows of four. */
    @Test
    void halves_firstFitsSecondIsScored() {
        float[] x = {-1, 1, -2, 2, 1, -1, 2, -2};
        int[] labels = {0, 1, 0, 1, 0, 1, 0, 0};

        assertThat(new OneVsRest().halves(Features.of(x, 1, labels))).isEqualTo(25);
    }

    /** Two rows are fitted, and three scored: of swapped halves the share of right answers would be one of two. */
    @Test
    void halves_ofOddRows_scoreTheLargerSecond() {
        float[] x = {-1, 1, -2, 2, 3};
        int[] labels = {0, 1, 0, 0, 1};

        assertThat(new OneVsRest().halves(Features.of(x, 1, labels))).isCloseTo(200 / 3.0, within(1e-9));
    }

    @Test
    void halves_ofRowsClassByClass_haveAllClasses() {
        float[] x = {-3, -3, -3, 0, 0, 0, 0, 3, 3, 3};
        int[] labels = {0, 0, 0, 1, 1, 1, 1, 2, 2, 2};

        assertThat(new OneVsRest(1000, 1e-6, 5000).halves(Features.of(x, 1, labels)))
                .isGreaterThanOrEqualTo(60);
    }

    @Test
    void fit_oneClass() {
        Features train = Features.of(new float[] {1, 2}, 1, new int[] {3, 3});

        assertThatThrownBy(() -> new OneVsRest().fit(train))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least two classes")
                .hasMessageContaining("label 3");
    }

    @Test
    void settings_outOfRange() {
        assertThatThrownBy(() -> new OneVsRest(0, 1e-4, 10))
                .hasMessageContaining("C must be positive and finite, got 0");
        assertThatThrownBy(() -> new OneVsRest(1, -1, 10)).hasMessageContaining("got -1");
        assertThatThrownBy(() -> new OneVsRest(1, 1e-4, 0)).hasMessageContaining("at least 1, got 0");
    }
}
