package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.byol.augment.Image;
import dev.byol.augment.io.ImageSource;
import dev.byol.eval.Features;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    /** Images of one pixel whose red is their index; every third cannot be read. */
    private record Pixels(int size) implements ImageSource {
        @Override
        public Image image(int index) throws IOException {
            if (index % 3 == 2) {
                throw new IOException("broken");
            }
            return new Image(1, 1, 3, new byte[] {(byte) index, (byte) (index >> 8), 0});
        }

        @Override
        public int label(int index) {
            return index % 2;
        }
    }

    private static float[][] rows(byte[] samples) {
        float[][] rows = new float[samples.length / 3][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new float[] {(samples[3 * i] & 255) + 256 * (samples[3 * i + 1] & 255), 1};
        }
        return rows;
    }

    @Test
    void embed_overSeveralParts_keepsOrderAndCountsTheSkipped() {
        Evaluation.Embedded embedded = Evaluation.embed(new Pixels(1200), 1, EvaluationTest::rows);
        assertThat(embedded.skipped()).isEqualTo(400);
        assertThat(embedded.features().rows()).isEqualTo(800);
        for (int row = 0; row < 800; row++) {
            int index = row / 2 * 3 + row % 2;
            assertThat(embedded.indices()[row]).isEqualTo(index);
            assertThat(embedded.features().value(row, 0)).isEqualTo(index);
            assertThat(embedded.features().label(row)).isEqualTo(index % 2);
        }
    }

    @Test
    void constantFeatures_scoreAsChance() {
        Features train = Features.of(new float[5], 1, new int[] {0, 2, 2, 1, 2});
        Evaluation collapsed = Evaluation.of(train, Features.of(new float[4], 1, new int[] {2, 0, 1, 1}));
        assertThat(collapsed.linearTop1()).isEqualTo(25);
        assertThat(collapsed.knnTop1()).isEqualTo(25);
    }

    @Test
    void embed_featuresThatAreNotFinite_sayTheTrainingDiverged() {
        Function<byte[], float[][]> diverged = samples -> new float[][] {{1, Float.NaN}};
        assertThatThrownBy(() -> Evaluation.embed(new Pixels(1), 1, diverged))
                .isInstanceOf(BadInput.class)
                .hasMessageContainingAll("not finite", "diverged", "learning rate");
    }

    @Test
    void of_separableFeatures_isPerfect_andCountsVoters() {
        Features train = Features.of(new float[] {1, 0, 2, 0, 0, 1, 0, 2}, 2, new int[] {0, 0, 1, 1});
        Features test = Features.of(new float[] {3, 0, 0, 3}, 2, new int[] {0, 1});
        Evaluation evaluation = Evaluation.of(train, test);
        assertThat(evaluation.linearTop1()).isEqualTo(100);
        assertThat(evaluation.neighbours()).isEqualTo(4);
    }

    @Test
    void of_oneClass_refused() {
        Features one = Features.of(new float[] {1, 2}, 1, new int[] {0, 0});
        assertThatThrownBy(() -> Evaluation.of(one, one))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("two classes");
    }

    @Test
    void neighbourhoods_unlabelled_noneIsItsOwnNeighbour_evenWhenCollapsed() {
        ImageSource pixels = new ImageSource() {
            @Override
            public int size() {
                return 9;
            }

            @Override
            public Image image(int index) {
                return new Image(1, 1, 3, new byte[] {(byte) index, 0, 0});
            }
        };
        Function<byte[], float[][]> collapsed = samples -> {
            float[][] rows = new float[samples.length / 3][];
            Arrays.fill(rows, new float[] {1, 1});
            return rows;
        };
        List<ReportPage.Neighbours> all = Neighbourhoods.of(pixels, 1, collapsed);
        assertThat(all).hasSize(6);
        for (ReportPage.Neighbours each : all) {
            assertThat(each.hits()).hasSize(6);
            assertThat(each.hits())
                    .noneMatch(hit -> hit.picture().rgb()[0] == each.query().rgb()[0]);
        }
    }
}
