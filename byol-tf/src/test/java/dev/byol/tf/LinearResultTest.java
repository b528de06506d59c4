package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinearResultTest {
    private static LinearResult of(int label, float... logits) {
        LinearResult.Tally tally = new LinearResult.Tally("a", "sgd", logits.length);
        tally.add(label, logits);
        return tally.result(1, 1, 0);
    }

    @Test
    void row_isJudgedByTheRankOfItsClass() {
        assertThat(of(2, 1, 5, 3, 4).rows()).containsExactly(new LinearResult.Row(2, 1, 3));
        assertThat(of(1, 1, 5, 3, 4).rows()).containsExactly(new LinearResult.Row(1, 1, 1));
        assertThat(of(0, 1, 5, 3, 4).rows()).containsExactly(new LinearResult.Row(0, 1, 4));
    }

    @Test
    void top_countsTheRanks() {
        LinearResult.Tally tally = new LinearResult.Tally("a", "sgd", 7);
        float[] logits = {7, 6, 5, 4, 3, 2, 1};
        for (int label = 0; label < 7; label++) {
            tally.add(label, logits);
        }
        LinearResult result = tally.result(1, 1, 0);
        assertThat(result.top1()).isCloseTo(1 / 7.0, within(1e-12));
        assertThat(result.top5()).isCloseTo(5 / 7.0, within(1e-12));
        assertThat(result.top(7)).isOne();
        assertThat(result.top(100)).isOne();
        assertThatIllegalArgumentException().isThrownBy(() -> result.top(0)).withMessage("k must be at least 1, got 0");
    }

    @Test
    void equalLogits_areNoHit() {
        LinearResult result = of(1, 2, 2, 1);
        assertThat(result.top1()).isZero();
        assertThat(result.top(2)).isOne();
        assertThat(of(0, Float.NaN, Float.NaN).top1()).isZero();
    }

    @Test
    void loss_isTheCrossEntropy_ofLargeLogitsToo() {
        assertThat(of(0, 0, 0).loss()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(of(1, 1000, 0).loss()).isCloseTo(1000, within(1e-9));
        assertThat(of(0, 1000, 0).loss()).isZero();
        assertThat(of(1, 0, 1, 2).loss()).isCloseTo(Math.log(1 + Math.exp(1) + Math.exp(2)) - 1, within(1e-12));
    }

    @Test
    void best_isTheFirstOfTheHighest() {
        LinearResult lost = of(0, 0, 1);
        LinearResult won = of(1, 0, 1);
        assertThat(LinearResult.best(List.of(lost, won, of(1, 0, 1)))).isSameAs(won);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearResult.best(List.of()))
                .withMessage("there is no result to choose from");
    }

    @Test
    void nothing_isNoResult() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new LinearResult.Tally("a", "sgd", 2).result(1, 1, 0))
                .withMessageContaining("found 0 images without a label");
    }

    @Test
    void text_hasTheSettings() {
        assertThat(of(1, 0, 1))
                .hasToString("LinearResult[head=a, top1=1.0, top5=1.0, loss="
                        + of(1, 0, 1).loss() + ", images=1, unlabelled=0, classes=2, steps=1, seed=1, optimizer=sgd]");
    }
}
