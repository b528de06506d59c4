package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeResultTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 0.9, 1);

    private static Features labels(int... labels) {
        return Features.of(new float[labels.length], 1, labels);
    }

    private static ProbeResult of(Features test, Predictions predictions) {
        return ProbeResult.of("mine", Map.of("a", "b"), labels(0, 1, -1), test, predictions, BOOTSTRAP);
    }

    @Test
    void of_countsByHand() {
        // rows of class 0, 0, 1, unlabelled, 2; predicted 0, 1, 1, 0, 0
        Predictions predictions =
                Predictions.of(new double[] {.6, .3, .1, .2, .5, .3, .1, .8, .1, .9, .1, 0, .5, .2, .3}, 3);
        ProbeResult result = of(labels(0, 0, 1, -1, 2), predictions);

        assertThat(result.top1()).isEqualTo(0.5);
        assertThat(result.top5()).isEqualTo(1);
        assertThat(result.trainRows()).isEqualTo(2);
        assertThat(result.testRows()).isEqualTo(4);
        assertThat(result.unlabelledTrainRows()).isEqualTo(1);
        assertThat(result.unlabelledTestRows()).isEqualTo(1);
        assertThat(result.settings()).containsExactly(Map.entry("a", "b"));
        Confusion confusion = result.confusion();
        assertThat(confusion.count(0, 0)).isEqualTo(1);
        assertThat(confusion.count(0, 1)).isEqualTo(1);
        assertThat(confusion.count(1, 1)).isEqualTo(1);
        assertThat(confusion.count(2, 0)).isEqualTo(1);
        assertThat(confusion.rows(0)).isEqualTo(2);
        assertThat(confusion.accuracy(0)).hasValue(0.5);
        assertThat(confusion.accuracy(2)).hasValue(0);
        assertThat(confusion.meanPerClass()).isCloseTo(0.5, within(1e-12));
        assertThat(result.interval()).isEqualTo(BOOTSTRAP.ofMean(new double[] {1, 0, 1, 0}));
        assertThat(result.toString()).contains("mine", "50.00 % top-1", "100.00 % top-5", "on 4 rows");
    }

    @Test
    void tally_rowByRow_isTheSame() {
        Predictions predictions = Predictions.of(new double[] {.6, .3, .1, .2, .5, .3, .1, .8, .1, .9, .1, 0}, 3);
        ProbeResult whole = of(labels(0, 2, 1, -1), predictions);
        ProbeResult.Tally tally = ProbeResult.tally(3);
        tally.add(0, 0, true);
        tally.add(2, 1, true);
        tally.add(1, 1, true);
        tally.addUnlabelled();
        ProbeResult result = tally.result("mine", Map.of("a", "b"), 2, 1, BOOTSTRAP);

        assertThat(result).usingRecursiveComparison().isEqualTo(whole);
        assertThat(result.unlabelledTestRows()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProbeResult.tally(2).result("mine", Map.of(), 1, 0, BOOTSTRAP))
                .withMessageContaining("no test row is labelled");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProbeResult.tally(0))
                .withMessageContaining("got 0");
        assertThatThrownBy(() -> tally.add(3, 0, false)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** All eight scores are the same: the five highest are those of the lowest class indices. */
    @Test
    void top5_ofTies_goesToTheLowestClasses() {
        double[] scores = new double[8 * 8];
        Arrays.fill(scores, 1 / 8.0);
        ProbeResult result = of(labels(0, 1, 2, 3, 4, 5, 6, 7), Predictions.of(scores, 8));

        assertThat(result.top1()).isEqualTo(1 / 8.0);
        assertThat(result.top5()).isEqualTo(5 / 8.0);
        assertThat(result.confusion().accuracy(4)).hasValue(0);
    }

    @Test
    void top5_isAmongTheFiveHighest() {
        double[] scores = {7, 6, 5, 4, 3, 2, 1};
        for (int truth = 0; truth < 7; truth++) {
            assertThat(of(labels(truth), Predictions.of(scores, 7)).top5()).isEqualTo(truth < 5 ? 1 : 0);
        }
    }

    @Test
    void of_classThatTrainingNeverSaw_isWrong() {
        ProbeResult result = of(labels(5, 0), Predictions.of(new double[] {1, 0, 1, 0}, 2));

        assertThat(result.top1()).isEqualTo(0.5);
        assertThat(result.top5()).isEqualTo(0.5);
        assertThat(result.confusion().classes()).isEqualTo(6);
        assertThat(result.confusion().count(5, 0)).isEqualTo(1);
        assertThat(result.confusion().accuracy(3)).isEmpty();
    }

    @Test
    void of_lengthsThatDoNotFit_orNoLabel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(labels(0, 1), Predictions.of(new double[] {1, 0}, 2)))
                .withMessage("1 predictions were to be scored with 2 labels, expected as many");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(labels(-1), Predictions.of(new double[] {1, 0}, 2)))
                .withMessage("no row is labelled: all 1 have the label -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Predictions.of(new double[] {1, 0, Double.NaN, 0}, 2))
                .withMessage("scores must be finite, got NaN at row 1, class 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Predictions.of(new double[3], 2))
                .withMessage("scores must be whole rows of 2 classes, got 3 values");
    }
}
