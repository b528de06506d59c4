package dev.byol.optim;

import static dev.byol.optim.Schedules.constant;
import static dev.byol.optim.Schedules.cosinePerEpoch;
import static dev.byol.optim.Schedules.multiStep;
import static dev.byol.optim.Schedules.perEpoch;
import static dev.byol.optim.Schedules.tau;
import static dev.byol.optim.Schedules.warmupCosine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Schedule;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SchedulesTest {
    @Test
    void constant_never_changes() {
        assertThat(constant(0.3).at(0)).isEqualTo(0.3);
        assertThat(constant(0.3).at(Long.MAX_VALUE)).isEqualTo(0.3);
    }

    @Test
    void warmupCosine_risesFromZero_halvesInTheMiddle_staysAtZero() {
        Schedule schedule = warmupCosine(2, 4, 12);
        assertThat(schedule.at(0)).isZero();
        assertThat(schedule.at(1)).isEqualTo(0.5);
        assertThat(schedule.at(4)).isEqualTo(2);
        assertThat(schedule.at(8)).isCloseTo(1, within(1e-15));
        assertThat(schedule.at(12)).isZero();
        assertThat(schedule.at(1000)).isZero();
    }

    @Test
    void warmupCosine_ofOneStep_isThePeakThenZero() {
        Schedule schedule = warmupCosine(0.1, 0, 1);
        assertThat(schedule.at(0)).isEqualTo(0.1);
        assertThat(schedule.at(1)).isZero();
    }

    @Test
    void cosinePerEpoch_movesOnceAnEpoch_andRisesAgainPastTheEnd() {
        Schedule schedule = cosinePerEpoch(1, 3, 4);
        assertThat(List.of(schedule.at(0), schedule.at(1), schedule.at(2))).containsOnly(1.0);
        assertThat(schedule.at(6)).isCloseTo(0.5, within(1e-15));
        assertThat(schedule.at(8)).isEqualTo(schedule.at(6));
        assertThat(schedule.at(12)).isZero();
        assertThat(schedule.at(18)).isCloseTo(0.5, within(1e-15));
        assertThat(schedule.at(24)).isEqualTo(1);
    }

    @Test
    void perEpoch_movesOnceAnEpoch() {
        Schedule schedule = perEpoch(tau(0.9, 4), 3);
        assertThat(List.of(schedule.at(0), schedule.at(1), schedule.at(2)))
                .containsOnly(tau(0.9, 4).at(0));
        assertThat(schedule.at(3))
                .isEqualTo(schedule.at(5))
                .isEqualTo(tau(0.9, 4).at(1));
        assertThat(schedule.at(11)).isEqualTo(tau(0.9, 4).at(3)).isLessThan(1); // 1 belongs to the epoch after the last
        assertThat(schedule.at(12)).isEqualTo(1);
    }

    @Test
    void multiStep_changesAtItsMilestones() {
        Schedule schedule = multiStep(8, 0.5, 10, 20);
        assertThat(schedule.at(9)).isEqualTo(8);
        assertThat(schedule.at(10)).isEqualTo(4);
        assertThat(schedule.at(19)).isEqualTo(4);
        assertThat(schedule.at(20)).isEqualTo(2);
        assertThat(multiStep(8, 0.5).at(1000)).isEqualTo(8);
    }

    @Test
    void tau_goesFromItsBaseToOne_andStays() {
        Schedule schedule = tau(0.9, 10);
        assertThat(schedule.at(0)).isCloseTo(0.9, within(1e-15));
        assertThat(schedule.at(5)).isCloseTo(0.95, within(1e-15));
        assertThat(schedule.at(10)).isEqualTo(1);
        assertThat(schedule.at(11)).isEqualTo(1);
        assertThat(tau(1, 10).at(3)).isEqualTo(1);
        assertThat(tau(0, 1).at(0)).isZero();
    }

    @Test
    void schedules_ofEqualSettings_areEqual_andPrintThem() {
        assertThat(constant(1)).isEqualTo(constant(1)).isNotEqualTo(constant(2));
        assertThat(warmupCosine(1, 2, 3)).isEqualTo(warmupCosine(1, 2, 3)).isNotEqualTo(warmupCosine(1, 1, 3));
        assertThat(multiStep(1, 0.1, 5, 6)).isEqualTo(multiStep(1, 0.1, 5, 6)).isNotEqualTo(multiStep(1, 0.1, 5));
        assertThat(tau(0.5, 3)).hasSameHashCodeAs(tau(0.5, 3)).isNotEqualTo(cosinePerEpoch(0.5, 3, 3));
        assertThat(warmupCosine(0.2, 10, 100)).hasToString("WarmupCosine[peak=0.2, warmupSteps=10, totalSteps=100]");
        assertThat(perEpoch(tau(0.5, 3), 2)).isEqualTo(perEpoch(tau(0.5, 3), 2)).isNotEqualTo(perEpoch(tau(0.5, 3), 1));
        assertThat(multiStep(1, 0.1, 5, 6)).hasToString("MultiStep[base=1.0, factor=0.1, milestones=[5, 6]]");
    }

    @Test
    void settings_outOfRange_areNamed() {
        refused(() -> constant(Double.NaN), "a constant must be finite, got NaN");
        refused(() -> warmupCosine(-1, 0, 10), "peak must be finite and at least 0, got -1.0");
        refused(() -> warmupCosine(1, 0, 0), "total steps must be at least 1, got 0");
        refused(() -> warmupCosine(1, 10, 10), "warm-up steps must be at least 0 and below the 10 total steps, got 10");
        refused(() -> warmupCosine(1, -1, 10), "warm-up steps must be at least 0 and below the 10 total steps, got -1");
        refused(() -> cosinePerEpoch(Double.NaN, 1, 1), "base must be finite and at least 0, got NaN");
        refused(() -> cosinePerEpoch(1, 0, 1), "steps per epoch must be at least 1, got 0");
        refused(() -> perEpoch(constant(1), 0), "steps per epoch must be at least 1, got 0");
        refused(() -> cosinePerEpoch(1, 1, 0), "epochs must be at least 1, got 0");
        refused(() -> multiStep(1, 0, 1), "factor must be finite and above 0, got 0.0");
        refused(() -> multiStep(1, 0.1, 20, 10), "milestones must be at least 1 and increase, got [20, 10]");
        refused(() -> multiStep(1, 0.1, 0), "milestones must be at least 1 and increase, got [0]");
        refused(() -> tau(1.01, 10), "tau must be in [0, 1], got 1.01");
        refused(() -> tau(Double.NaN, 10), "tau must be in [0, 1], got NaN");
        refused(() -> tau(0.9, 0), "total steps must be at least 1, got 0");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
