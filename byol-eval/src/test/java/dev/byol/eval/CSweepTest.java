package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CSweepTest {
    private static final CSweep SWEEP =
            new CSweep(LogisticRegression.builder().build(), List.of(1e-3, 1e-1, 10.0), 0.25, 3);

    /** Classes that overlap: each has a column of its own. */
    private static Features gaussians(int rows, int classes, double apart, long seed) {
        Random random = new Random(seed);
        int d = classes + 20;
        float[] values = new float[rows * d];
        int[] labels = new int[rows];
        for (int i = 0; i < values.length; i++) {
            labels[i / d] = i / d % classes;
            values[i] = (float) (random.nextGaussian() + (i % d == labels[i / d] ? apart : 0));
        }
        return Features.of(values, d, labels);
    }

    @Test
    void fit_choosesTheBestHeldOut_andFitsItOnAllRows() {
        Features train = gaussians(120, 3, 1, 1);
        CSweep.Swept swept = SWEEP.fit(train);

        assertThat(swept.heldOutRows()).isEqualTo(30);
        assertThat(swept.trials()).extracting(CSweep.Trial::c).containsExactly(1e-3, 1e-1, 10.0);
        double best = swept.trials().stream()
                .mapToDouble(CSweep.Trial::heldOutTop1)
                .max()
                .orElseThrow();
        double first = swept.trials().stream()
                .filter(t -> t.heldOutTop1() == best)
                .findFirst()
                .orElseThrow()
                .c();
        assertThat(swept.c()).isEqualTo(first);
        LogisticModel refit = LogisticRegression.builder().c(swept.c()).build().fit(train);
        assertThat(swept.model().coefficients()).containsExactly(refit.coefficients());
        assertThat(swept.atEdge()).isEqualTo(swept.c() != 1e-1);
    }

    /** Noise only, many columns, few rows: a weak penalty learns the noise. Labels of held-out rows decide, so that it loses. */
    @Test
    void fit_trialsAreScoredOnRowsThatWereNotFitted() {
        Features noise = gaussians(32, 2, 0, 2);
        for (CSweep.Trial trial : SWEEP.fit(noise).trials()) {
            assertThat(trial.heldOutTop1()).isLessThan(0.9); // on fitted rows C = 10 has 1
        }
        assertThat(LogisticRegression.builder()
                        .c(10)
                        .build()
                        .fit(noise)
                        .predict(noise)
                        .accuracy(noise))
                .isGreaterThan(0.9);
    }

    /** Whatever the test rows and their labels are, the same C is chosen and the same model is fitted. */
    @Test
    void score_testRowsHaveNoSay() {
        Features train = gaussians(90, 3, 1, 1);
        Features one = gaussians(40, 3, 1, 5);
        Features other = gaussians(40, 3, -3, 6);
        double[] alone = scores(SWEEP.fit(train).model().predict(one));

        assertThat(scores(SWEEP.predict(train, one))).containsExactly(alone);
        float[] both = new float[one.values().length + other.values().length];
        System.arraycopy(one.values(), 0, both, 0, one.values().length);
        System.arraycopy(other.values(), 0, both, one.values().length, other.values().length);
        double[] together = scores(SWEEP.predict(train, Features.unlabelled(both, one.dimension())));
        assertThat(Arrays.copyOf(together, alone.length)).containsExactly(alone, within(1e-12));
    }

    /** A probe that fails on any label shows what is handed to it. */
    @Test
    void score_handsNoTestLabelOn() {
        Probe curious = new Probe() {
            @Override
            public String name() {
                return "curious";
            }

            @Override
            public Map<String, String> settings() {
                return Map.of();
            }

            @Override
            public Predictions predict(Features train, Features test) {
                assertThat(test.unlabelledRows()).isEqualTo(test.rows());
                assertThat(train.unlabelledRows()).isZero();
                return Predictions.of(new double[test.rows() * 2], 2);
            }
        };
        Features rows = Features.of(new float[] {1, 2, 3}, 1, new int[] {0, 1, -1});
        ProbeResult result = curious.score(rows, rows);
        assertThat(result.top1()).isEqualTo(0.5);
        assertThat(result.unlabelledTrainRows()).isEqualTo(1);
        assertThat(result.unlabelledTestRows()).isEqualTo(1);
    }

    private static double[] scores(Predictions p) {
        double[] all = new double[p.rows() * p.classes()];
        for (int i = 0; i < all.length; i++) {
            all[i] = p.score(i / p.classes(), i % p.classes());
        }
        return all;
    }

    @Test
    void fit_rareClasses_keepARowForTheFit() {
        Features train = Features.of(new float[] {0, 0.1f, 0.2f, 0.3f, 5, 5.1f, 9}, 1, new int[] {0, 0, 0, 0, 1, 1, 2});
        assertThat(new CSweep(SWEEP.base(), SWEEP.grid(), 0.9, 1).fit(train).heldOutRows())
                .isEqualTo(4); // 3 of 4, 1 of 2, 0 of 1
    }

    @Test
    void logarithmic_hasEqualRatiosAndBothEnds() {
        assertThat(CSweep.logarithmic(1e-2, 1e2, 5)).hasSize(5).satisfies(grid -> {
            assertThat(grid.get(0)).isEqualTo(1e-2);
            assertThat(grid.get(2)).isCloseTo(1, within(1e-12));
            assertThat(grid.get(4)).isEqualTo(1e2);
        });
    }

    @Test
    void settings_outOfRange() {
        LogisticRegression base = SWEEP.base();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CSweep(base, List.of(1.0), 0.2, 1))
                .withMessageContaining("at least two values of C, got [1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CSweep(base, List.of(1.0, 1.0), 0.2, 1))
                .withMessageContaining("must rise, got [1.0, 1.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CSweep(base, List.of(0.0, 1.0), 0.2, 1))
                .withMessageContaining("got 0.0 in the grid");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CSweep(base, List.of(0.5, 1.0), 1, 1))
                .withMessageContaining("share held out must be in (0, 1), got 1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> CSweep.logarithmic(1, 1, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SWEEP.fit(Features.of(new float[] {1, 2}, 1, new int[] {0, 1})))
                .withMessageContaining("all classes have a single one");
    }

    @Test
    void score_saysWhichCWasChosen() {
        Features train = gaussians(150, 3, 1, 3);
        assertThat(SWEEP.score(train, gaussians(60, 3, 1, 4)).settings())
                .containsEntry("C", Double.toString(SWEEP.fit(train).c()))
                .containsAllEntriesOf(SWEEP.settings());
    }
}
