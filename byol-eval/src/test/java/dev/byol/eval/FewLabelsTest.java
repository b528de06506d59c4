package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FewLabelsTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(100, 0.9, 1);

    /** Remembers what it was fitted on, and predicts class 0. */
    private static final class Listener implements Probe {
        private final List<List<Float>> fitted = new ArrayList<>();
        private final List<int[]> counts = new ArrayList<>();

        @Override
        public String name() {
            return "listener";
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public Predictions predict(Features train, Features test) {
            List<Float> rows = new ArrayList<>();
            int[] count = new int[3];
            for (int i = 0; i < train.rows(); i++) {
                rows.add(train.value(i, 0));
                count[train.label(i)]++;
            }
            fitted.add(rows);
            counts.add(count);
            double[] scores = new double[test.rows() * 3];
            for (int i = 0; i < test.rows(); i++) {
                scores[3 * i] = 1;
            }
            return Predictions.of(scores, 3);
        }
    }

    /** 100 rows of class 0, 40 of class 1, 10 of class 2, 7 unlabelled; a row's value is its index. */
    private static Features rows() {
        float[] values = new float[157];
        int[] labels = new int[157];
        for (int i = 0; i < 157; i++) {
            values[i] = i;
            labels[i] = i < 100 ? 0 : i < 140 ? 1 : i < 150 ? 2 : -1;
        }
        return Features.of(values, 1, labels);
    }

    private static Listener listen(FewLabels.Amount amount, int draws, long seed) {
        Listener listener = new Listener();
        new FewLabels(listener, amount, draws, seed).score(rows(), rows(), BOOTSTRAP);
        return listener;
    }

    @Test
    void share_isBalancedByClass_atLeastOne() {
        assertThat(listen(new FewLabels.Share(0.1), 3, 1).counts)
                .allSatisfy(c -> assertThat(c).containsExactly(10, 4, 1));
        assertThat(listen(new FewLabels.Share(0.01), 2, 1).counts)
                .allSatisfy(c -> assertThat(c).containsExactly(1, 1, 1));
        assertThat(listen(new FewLabels.PerClass(5), 2, 1).counts)
                .allSatisfy(c -> assertThat(c).containsExactly(5, 5, 5));
    }

    @Test
    void draws_dependOnTheirSeedAlone_andDiffer() {
        List<List<Float>> five = listen(new FewLabels.Share(0.1), 5, 1).fitted;
        assertThat(five).doesNotHaveDuplicates();
        assertThat(listen(new FewLabels.Share(0.1), 5, 1).fitted).isEqualTo(five);
        assertThat(listen(new FewLabels.Share(0.1), 2, 3).fitted).isEqualTo(five.subList(2, 4));
        assertThat(five).allSatisfy(rows -> assertThat(rows).doesNotHaveDuplicates());
    }

    @Test
    void draws_ofALargerAmount_containThoseOfASmaller() {
        List<Float> few = listen(new FewLabels.PerClass(2), 2, 1).fitted.get(0);
        assertThat(listen(new FewLabels.PerClass(9), 2, 1).fitted.get(0)).containsAll(few);
    }

    @Test
    void draws_areUniform() {
        int draws = 600;
        int[] hits = new int[150];
        for (List<Float> rows : listen(new FewLabels.Share(0.2), draws, 9).fitted) {
            rows.forEach(v -> hits[v.intValue()]++);
        }
        for (int i = 0; i < 150; i++) { // expected 120 of 600, five deviations of 9.8
            assertThat(hits[i]).as("row %s", i).isBetween(70, 170);
        }
    }

    @Test
    void outcome_meanAndDeviationOfTheDraws() {
        Random random = new Random(4);
        float[] values = new float[300 * 5];
        int[] labels = new int[300];
        for (int i = 0; i < values.length; i++) {
            labels[i / 5] = i / 5 % 2;
            values[i] = (float) (random.nextGaussian() + (i % 5 == labels[i / 5] ? 1 : 0));
        }
        Features all = Features.of(values, 5, labels);
        FewLabels.Outcome outcome = new FewLabels(LogisticRegression.builder().build(), new FewLabels.PerClass(3), 4, 1)
                .score(all, all, BOOTSTRAP);

        double[] top1 =
                outcome.results().stream().mapToDouble(ProbeResult::top1).toArray();
        double mean = (top1[0] + top1[1] + top1[2] + top1[3]) / 4;
        double squares = 0;
        for (double t : top1) {
            squares += (t - mean) * (t - mean);
        }
        assertThat(outcome.mean()).isCloseTo(mean, within(1e-12));
        assertThat(outcome.deviation()).isPositive().isCloseTo(Math.sqrt(squares / 3), within(1e-12));
        assertThat(outcome.results()).allSatisfy(r -> {
            assertThat(r.trainRows()).isEqualTo(6);
            assertThat(r.testRows()).isEqualTo(300);
        });
        assertThat(outcome.results().get(1).settings()).containsEntry("labels", "3 a class, drawn by seed 2");
    }

    @Test
    void score_countsTheUnlabelled() {
        ProbeResult result = new FewLabels(new Listener(), new FewLabels.Share(0.1), 2, 1)
                .score(rows(), rows(), BOOTSTRAP)
                .results()
                .get(0);
        assertThat(result.unlabelledTrainRows()).isEqualTo(7);
        assertThat(result.unlabelledTestRows()).isEqualTo(7);
    }

    @Test
    void settings_outOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listen(new FewLabels.PerClass(11), 2, 1))
                .withMessage("11 rows of each class are wanted, but class 2 has 10");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> listen(new FewLabels.Share(0.1), 1, 1))
                .withMessage("a spread needs at least 2 draws, got 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new FewLabels.Share(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new FewLabels.PerClass(0));
    }

    @Test
    void share_isPrintedAsItWasWritten() {
        assertThat(new FewLabels.Share(0.07)).hasToString("7 %");
        assertThat(new FewLabels.Share(0.29)).hasToString("29 %");
        assertThat(new FewLabels.Share(0.005)).hasToString("0.5 %");
        assertThat(new FewLabels.Share(1)).hasToString("100 %");
    }
}
