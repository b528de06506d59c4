package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class StudyWatchTest {
    private static StudyHistory history(IntToDoubleFunction loss, IntToDoubleFunction negative) {
        StudyHistory history = new StudyHistory();
        for (int i = 0; i < 600; i++) {
            history.steps()
                    .add(new StudyHistory.Step(
                            i, i / 62.0, loss.applyAsDouble(i), 0.999, negative.applyAsDouble(i), List.of()));
        }
        return history;
    }

    @Test
    void healthyRun_isSilent_thoughItBeginsNearOne() {
        assertThat(StudyWatch.words(history(i -> 1, i -> i < 60 ? 0.995 : 0.4))).isEqualTo("silent");
    }

    @Test
    void collapse_isToldTwentyStepsLater_andItsEnd() {
        assertThat(StudyWatch.words(history(i -> 1, i -> i >= 100 && i < 300 ? 0.999 : 0.5)))
                .isEqualTo("collapse at step 119, recovering at step 319");
    }

    @Test
    void neverApart_isToldAfterTheWarmUp() {
        assertThat(StudyWatch.words(history(i -> 1, i -> 0.9999))).isEqualTo("collapse at step 219");
    }

    @Test
    void lossThatIsNotFinite_isToldAtOnce() {
        assertThat(StudyWatch.words(history(i -> i == 7 ? Double.NaN : 1, i -> 0.5)))
                .isEqualTo("not finite at step 7");
    }
}
