package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.eval.Features;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeatureScoresTest {
    /** Classes apart by far, in order, with so many rows each. */
    static Features apart(int classes, int rows, long seed) {
        Random random = new Random(seed);
        int d = classes;
        float[] values = new float[classes * rows * d];
        int[] labels = new int[classes * rows];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i / rows;
            for (int j = 0; j < d; j++) {
                values[i * d + j] = (float) (0.1 * random.nextGaussian()) + (j == labels[i] ? 3 : 0);
            }
        }
        return Features.of(values, d, labels);
    }

    @Test
    void of_separableFeatures_isPerfectThroughout() {
        FeatureScores scores = FeatureScores.of(apart(3, 40, 1), apart(3, 5, 2));
        assertThat(scores.linear().top1()).isEqualTo(1);
        assertThat(scores.linear().confusion().count(2, 2)).isEqualTo(5);
        assertThat(scores.uniform())
                .extracting(r -> r.settings().get("k"))
                .containsExactly("1", "5", "10", "20", "50", "100");
        assertThat(scores.uniform().subList(0, 4)).allMatch(r -> r.top1() == 1);
        assertThat(scores.weighted()).hasSameSizeAs(scores.uniform()).allMatch(r -> r.top1() == 1);
        assertThat(scores.nearest().settings()).containsEntry("k", "20");
        assertThat(scores.fewLabels())
                .extracting(FeatureScores.Few::labels)
                .containsExactly("10 % of the labels", "1 image of each class", "10 images of each class");
        assertThat(scores.fewLabels()).allMatch(few -> few.outcome().mean() == 1);
    }

    @Test
    void of_fewRows_votesByWhatThereIs() {
        FeatureScores scores = FeatureScores.of(apart(2, 4, 1), apart(2, 2, 2));
        assertThat(scores.nearest().settings()).containsEntry("k", "5");
        assertThat(scores.fewLabels()).extracting(FeatureScores.Few::labels).containsExactly("1 image of each class");
    }

    @Test
    void of_equalAmounts_countOnce() {
        FeatureScores scores = FeatureScores.of(apart(2, 100, 1), apart(2, 2, 2));
        assertThat(scores.fewLabels())
                .extracting(FeatureScores.Few::labels)
                .containsExactly("1 % of the labels", "10 % of the labels");
    }

    @Test
    void of_oneClass_saysWhy() {
        assertThatThrownBy(() -> FeatureScores.of(apart(1, 10, 1), apart(1, 4, 2)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("cannot be probed")
                .hasMessageContaining("class");
    }

    @Test
    void of_constantFeatures_saysWhy() {
        Features same = Features.of(new float[20], 2, new int[] {0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
        assertThatThrownBy(() -> FeatureScores.of(same, same))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("cannot be probed");
    }
}
