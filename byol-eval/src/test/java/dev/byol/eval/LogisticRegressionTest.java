package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
    private static final LogisticRegression PLAIN =
            LogisticRegression.builder().standardise(false).tolerance(1e-9).build();

    @Test
    void fit_twoPoints_closedForm() {
        // x = +-1: weights +-w/2 by symmetry; f = 2 C log(1 + exp(-w)) + w^2 / 4, so w / 2 = 2 C / (1 + exp(w))
        LogisticModel model = PLAIN.fit(Features.of(new float[] {-1, 1}, 1, new int[] {0, 1}));
        double[] w = model.coefficients();
        double difference = w[1] - w[0];

        assertThat(model.converged()).isTrue();
        assertThat(w[0]).isCloseTo(-w[1], within(1e-9));
        assertThat(difference / 2).isCloseTo(2 / (1 + Math.exp(difference)), within(1e-8));
        assertThat(model.intercepts()).containsExactly(new double[] {0, 0}, within(1e-9));
        assertThat(model.objective())
                .isCloseTo(2 * Math.log1p(Math.exp(-difference)) + difference * difference / 4, within(1e-9));
        Predictions p = model.predict(Features.unlabelled(new float[] {1, 0}, 1));
        assertThat(p.score(0, 1)).isCloseTo(1 / (1 + Math.exp(-difference)), within(1e-9));
        assertThat(p.score(1, 0)).isCloseTo(0.5, within(1e-9));
        assertThat(p.label(0)).isEqualTo(1);
    }

    @Test
    void fit_featuresThatTellNothing_predictsTheFrequencies() {
        // each class has as many rows at 3 as at 5
        Features train = Features.of(
                new float[] {3, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5}, 1, new int[] {0, 2, 1, 2, 2, 1, 0, 2, 1, 2, 2, 1});
        for (boolean standardise : new boolean[] {false, true}) {
            LogisticModel model = LogisticRegression.builder()
                    .standardise(standardise)
                    .tolerance(1e-9)
                    .build()
                    .fit(train);
            Predictions p = model.predict(train);

            assertThat(model.converged()).isTrue();
            assertThat(p.score(0, 0)).isCloseTo(1 / 6.0, within(1e-7));
            assertThat(p.score(0, 1)).isCloseTo(2 / 6.0, within(1e-7));
            assertThat(p.score(0, 2)).isCloseTo(3 / 6.0, within(1e-7));
            assertThat(p.accuracy(train)).isEqualTo(0.5);
        }
    }

    @Test
    void fit_standardised_isThePlainFitOfStandardisedFeatures() {
        Features train = gaussians(200, 5, 3, 1);
        Features shifted = shiftAndScale(train);
        Standardisation s = Standardisation.of(shifted);

        LogisticModel inside = LogisticRegression.builder().build().fit(shifted);
        LogisticModel outside =
                LogisticRegression.builder().standardise(false).build().fit(s.apply(shifted));

        assertThat(inside.coefficients()).containsExactly(outside.coefficients());
        assertThat(inside.predict(shifted).score(7, 1))
                .isEqualTo(outside.predict(s.apply(shifted)).score(7, 1));
        assertThat(inside.standardisation()).isPresent();
        assertThat(outside.standardisation()).isEmpty();
    }

    @Test
    void fit_standardised_ignoresTheColumnsUnits() {
        Features train = gaussians(200, 5, 3, 1);

        assertThat(LogisticRegression.builder()
                        .build()
                        .fit(shiftAndScale(train))
                        .coefficients())
                .containsExactly(LogisticRegression.builder().build().fit(train).coefficients(), within(1e-3));
    }

    @Test
    void fit_separableWithSmallC_converges() {
        Features train = Features.of(new float[] {-2, -1, 1, 2}, 1, new int[] {0, 0, 1, 1});
        LogisticModel model = LogisticRegression.builder()
                .c(1e-3)
                .standardise(false)
                .tolerance(1e-10)
                .build()
                .fit(train);

        assertThat(model.converged()).isTrue();
        assertThat(model.predict(train).accuracy(train)).isEqualTo(1);
        // where the penalty dominates, one gradient step from zero: W = C sum_i (y_i - 1/2) x_i
        assertThat(model.coefficients()[1]).isCloseTo(1e-3 * 3, within(2e-5));
    }

    @Test
    void fit_tinyC_isNotTakenForConvergedAtZero() {
        Features train = gaussians(300, 5, 3, 4);
        LogisticModel model = LogisticRegression.builder().c(1e-7).build().fit(train);

        assertThat(model.converged()).isTrue();
        assertThat(model.iterations()).isPositive();
        assertThat(model.predict(train).accuracy(train)).isGreaterThan(0.6);
    }

    @Test
    void fit_fewRowsManyColumns_converges() {
        Features train = gaussians(20, 1500, 2, 5); // too few rows to pay for an inverse Hessian
        LogisticModel model =
                LogisticRegression.builder().tolerance(1e-8).build().fit(train);

        assertThat(MultinomialLossTest.of(train, 2, 1).inverseHessianAtZero()).isEmpty();
        assertThat(model.converged()).isTrue();
        assertThat(model.predict(train).accuracy(train)).isEqualTo(1);
    }

    @Test
    void fit_startOfLbfgs_doesNotChangeTheSolution() {
        Features train = gaussians(400, 6, 3, 6);
        float[] padded = new float[400 * 3000]; // constant columns change nothing but the cost of an inverse Hessian
        for (int i = 0; i < padded.length; i++) {
            padded[i] = i % 3000 < 6 ? train.value(i / 3000, i % 3000) : 0;
        }
        Features wide = Features.of(padded, 3000, train.labels());

        assertThat(MultinomialLossTest.of(train, 3, 1).inverseHessianAtZero()).isPresent();
        assertThat(MultinomialLossTest.of(wide, 3, 1).inverseHessianAtZero()).isEmpty();
        assertThat(PLAIN.fit(wide).objective()).isCloseTo(PLAIN.fit(train).objective(), within(1e-9));
        assertThat(PLAIN.fit(wide).intercepts())
                .containsExactly(PLAIN.fit(train).intercepts(), within(1e-7));
    }

    @Test
    void fit_collapsedFeatures_fits() {
        Features train = gaussians(200, 6, 3, 7);
        float[] values = train.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + 1e-6f * values[i];
        }
        Features collapsed = Features.of(values, 6, train.labels());

        assertThat(LogisticRegression.builder().build().fit(collapsed).converged())
                .isTrue();
        assertThat(PLAIN.fit(collapsed).predict(collapsed).accuracy(collapsed)).isBetween(0.0, 1.0);
    }

    @Test
    void fit_separableWithLargeC_converges() {
        LogisticModel model = LogisticRegression.builder()
                .c(1e6)
                .build()
                .fit(Features.of(new float[] {-2, -1, 1, 2}, 1, new int[] {0, 0, 1, 1}));

        assertThat(model.converged()).isTrue();
        assertThat(model.gradient()).isLessThanOrEqualTo(1e-4);
    }

    @Test
    void fit_largerObjectiveEverywhereElse() {
        Features train = gaussians(120, 4, 3, 2);
        LogisticModel model = PLAIN.fit(train);
        MultinomialLoss loss = MultinomialLossTest.of(train, 3, 1);
        Random random = new Random(3);
        for (int trial = 0; trial < 20; trial++) {
            double[] point = new double[loss.size()];
            System.arraycopy(model.coefficients(), 0, point, 0, 12);
            System.arraycopy(model.intercepts(), 0, point, 12, 3);
            assertThat(loss.value(point, loss.logits(point))).isCloseTo(model.objective(), within(1e-9));
            for (int j = 0; j < point.length; j++) {
                point[j] += 0.01 * random.nextGaussian();
            }
            assertThat(loss.value(point, loss.logits(point))).isGreaterThan(model.objective());
        }
    }

    @Test
    void fit_sameBits() {
        Features train = gaussians(600, 9, 4, 3);

        assertThat(PLAIN.fit(train).coefficients())
                .containsExactly(PLAIN.fit(train).coefficients());
    }

    @Test
    void fit_oneClass() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.fit(Features.of(new float[] {1, 2}, 1, new int[] {3, 3})))
                .withMessage("logistic regression needs rows of at least two classes, but all 2 rows have the label 3");
    }

    @Test
    void fit_fewerRowsThanClasses() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.fit(Features.of(new float[] {1, 2, 3}, 1, new int[] {0, 9, 1})))
                .withMessage("logistic regression of 10 classes needs at least as many rows, got 3");
    }

    @Test
    void fit_classWithoutRows_isNeverPredicted() {
        Features gap = Features.of(new float[] {-1, 1, -2, 2}, 1, new int[] {0, 2, 0, 2});
        Features dense = Features.of(new float[] {-1, 1, -2, 2}, 1, new int[] {0, 1, 0, 1});
        LogisticModel model = PLAIN.fit(gap);
        Predictions p = model.predict(gap);

        assertThat(model.converged()).isTrue();
        assertThat(model.objective()).isEqualTo(PLAIN.fit(dense).objective());
        assertThat(model.intercepts()[1]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(p.score(0, 1)).isZero();
        assertThat(p.score(0, 0) + p.score(0, 2)).isCloseTo(1, within(1e-12));
        assertThat(p.accuracy(gap)).isEqualTo(1);
    }

    @Test
    void fit_unlabelledRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PLAIN.fit(Features.of(new float[] {1, 2, 3}, 1, new int[] {0, 1, -1})))
                .withMessage(
                        "logistic regression needs a label for each row, but 1 of 3 are labelled -1; leave them out"
                                + " with labelledOnly()");
    }

    @Test
    void fit_tooFewIterations_saysSo() {
        LogisticModel model =
                LogisticRegression.builder().maxIterations(2).build().fit(gaussians(200, 5, 3, 1));

        assertThat(model.converged()).isFalse();
        assertThat(model.iterations()).isEqualTo(2);
        assertThat(model.gradient()).isGreaterThan(1e-4);
        assertThat(model).asString().contains("NOT converged in 2 iterations");
    }

    @Test
    void fit_toleranceBelowRounding_endsAndSaysSo() {
        LogisticModel model =
                LogisticRegression.builder().tolerance(1e-300).build().fit(gaussians(200, 5, 3, 1));

        assertThat(model.converged()).isFalse();
        assertThat(model.gradient()).isLessThan(1e-8);
        assertThat(model.iterations()).isLessThan(5000);
    }

    @Test
    void predict_otherDimension() {
        LogisticModel model = PLAIN.fit(gaussians(50, 4, 2, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.predict(Features.unlabelled(new float[3], 3)))
                .withMessage("features have 3 columns, expected 4 as in training");
    }

    @Test
    void accuracy_classUnknownToTheTraining_isWrong() {
        LogisticModel model = PLAIN.fit(Features.of(new float[] {-1, 1}, 1, new int[] {0, 1}));
        Features test = Features.of(new float[] {-1, 1}, 1, new int[] {0, 5});

        assertThat(model.predict(test).accuracy(test)).isEqualTo(0.5);
    }

    @Test
    void accuracy_otherNumberOfRows_orUnlabelled() {
        Predictions p = PLAIN.fit(Features.of(new float[] {-1, 1}, 1, new int[] {0, 1}))
                .predict(Features.unlabelled(new float[] {1}, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> p.accuracy(Features.of(new float[2], 1, new int[2])))
                .withMessage("accuracy of 1 predictions was asked with 2 labels");
        assertThatIllegalArgumentException().isThrownBy(() -> p.accuracy(Features.unlabelled(new float[1], 1)));
    }

    @Test
    void builder_outOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.builder().c(0).build())
                .withMessage("C must be positive and finite, got 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> LogisticRegression.builder().tolerance(Double.NaN).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogisticRegression.builder().maxIterations(0).build())
                .withMessage("maximal iterations must be at least 1, got 0");
    }

    private static Features gaussians(int rows, int dimension, int classes, int seed) {
        Random random = new Random(seed);
        float[] x = new float[rows * dimension];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i % classes;
            for (int j = 0; j < dimension; j++) {
                x[i * dimension + j] = (float) (random.nextGaussian() + (j == labels[i] ? 1.5 : 0));
            }
        }
        return Features.of(x, dimension, labels);
    }

    private static Features shiftAndScale(Features features) {
        float[] values = features.values().clone();
        for (int i = 0; i < values.length; i++) {
            int column = i % features.dimension();
            values[i] = values[i] * (1 + 10 * column) + 3 * column;
        }
        return Features.of(values, features.dimension(), features.labels());
    }
}
