package dev.byol.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FeaturesTest {
    @Test
    void of_oneRow() {
        Features features = Features.of(new float[] {1, 2, 3}, 3, new int[] {4});

        assertThat(features.rows()).isEqualTo(1);
        assertThat(features.dimension()).isEqualTo(3);
        assertThat(features.classes()).isEqualTo(5);
        assertThat(features.value(0, 2)).isEqualTo(3);
        assertThat(features.label(0)).isEqualTo(4);
        assertThat(features).hasToString("Features[1, 3] of 5 classes");
    }

    @Test
    void of_nothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Features.of(new float[0], 3, new int[0]))
                .withMessage("features must have at least one row, got none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Features.of(new float[0], 0, new int[2]))
                .withMessage("features must have at least one column, got a dimension of 0");
        assertThatIllegalArgumentException().isThrownBy(() -> Features.unlabelled(new float[0], 3));
        assertThatIllegalArgumentException().isThrownBy(() -> Features.unlabelled(new float[3], 0));
    }

    @Test
    void of_mismatchedLengths() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Features.of(new float[7], 3, new int[2]))
                .withMessage("2 rows of 3 columns need 6 values, got 7");
        assertThatIllegalArgumentException().isThrownBy(() -> Features.unlabelled(new float[7], 3));
    }

    @Test
    void of_notFinite_namesRowAndColumn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Features.of(new float[] {0, 1, 2, Float.NaN, 4, 5}, 2, new int[3]))
                .withMessage("features must be finite, got NaN at row 1, column 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Features.unlabelled(new float[] {0, 1, Float.NEGATIVE_INFINITY, 3}, 2))
                .withMessage("features must be finite, got -Infinity at row 1, column 0");
    }

    @Test
    void of_labelBelowMinusOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Features.of(new float[2], 1, new int[] {0, -2}))
                .withMessage("labels must be class indices from 0, or -1 for unlabelled rows, got -2 at row 1");
    }

    @Test
    void labelledOnly_leavesOutAndCounts() {
        Features features = Features.of(new float[] {0, 1, 2, 3, 4, 5, 6, 7}, 2, new int[] {-1, 3, -1, 0});
        Features labelled = features.labelledOnly();

        assertThat(features.unlabelledRows()).isEqualTo(2);
        assertThat(labelled.unlabelledRows()).isZero();
        assertThat(labelled.rows()).isEqualTo(2);
        assertThat(labelled.values()).containsExactly(2, 3, 6, 7);
        assertThat(labelled.labels()).containsExactly(3, 0);
        assertThat(labelled.labelledOnly()).isSameAs(labelled);
    }

    @Test
    void labelledOnly_noneLabelled() {
        Features features = Features.unlabelled(new float[4], 2);

        assertThat(features.classes()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(features::labelledOnly)
                .withMessage("no row is labelled: all 2 have the label -1");
    }

    @Test
    void isConstant_ifNoRowDiffersFromTheOneBefore() {
        assertThat(Features.unlabelled(new float[] {1, 2, 1, 2, 1, 2}, 2).isConstant())
                .isTrue();
        assertThat(Features.unlabelled(new float[] {1, 2}, 2).isConstant()).isTrue();
        assertThat(Features.unlabelled(new float[] {1, 2, 1, 2, 1, 3}, 2).isConstant())
                .isFalse();
        assertThat(Features.unlabelled(new float[] {1, 2, 2, 1}, 2).isConstant())
                .isFalse();
    }
}
