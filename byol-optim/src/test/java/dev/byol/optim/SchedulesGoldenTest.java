package dev.byol.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Schedule;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** DeepMind's and PyTorch's schedules, to 1e-7 of the largest value. */
class SchedulesGoldenTest {
    private static final double TOLERANCE = 1e-7;

    @TestFactory
    Stream<DynamicTest> schedules_asReference() {
        return Golden.open("schedules").cases().stream()
                .map(golden -> DynamicTest.dynamicTest(name(golden), () -> check(golden)));
    }

    /** The kind and the settings. */
    private static String name(GoldenCase golden) {
        Map<String, Object> settings = new LinkedHashMap<>(golden.values());
        settings.keySet().removeAll(Set.of("kind", "at", "value", "note"));
        return golden.string("kind") + " " + settings;
    }

    private static void check(GoldenCase golden) {
        switch (golden.string("kind")) {
            case "cosine_linear_warmup_per_step" ->
                check(
                        golden,
                        Schedules.warmupCosine(
                                golden.number("base_lr") * golden.number("batch") / 256,
                                golden.integer("warmup_steps"),
                                golden.integer("total_steps")),
                        1);
            case "cosine_annealing_per_epoch" -> {
                Assumptions.assumeTrue(golden.number("eta_min") == 0, "a cosine that does not end at 0 is not built");
                for (int stepsPerEpoch : new int[] {1, 7}) {
                    Schedule cosine =
                            Schedules.cosinePerEpoch(golden.number("lr"), stepsPerEpoch, golden.integer("T_max"));
                    check(golden, cosine, stepsPerEpoch);
                }
            }
            case "ema_tau_cosine" -> check(golden, Schedules.tau(golden.number("base"), golden.integer("total")), 1);
            case "multistep" -> {
                for (int stepsPerEpoch : new int[] {1, 7}) {
                    long[] milestones = Arrays.stream(golden.ints("milestones"))
                            .mapToLong(epoch -> (long) epoch * stepsPerEpoch)
                            .toArray();
                    Schedule steps = Schedules.multiStep(golden.number("lr"), golden.number("gamma"), milestones);
                    check(golden, steps, stepsPerEpoch);
                }
            }
            default -> Assumptions.abort("schedules of kind " + golden.string("kind") + " are not built");
        }
    }

    /** Looks at the first and the last step of each golden's unit, a step or an epoch. */
    private static void check(GoldenCase golden, Schedule schedule, int steps) {
        int[] at = golden.ints("at");
        double[] value = golden.numbers("value");
        double peak = Arrays.stream(value).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < at.length; i++) {
            for (long step : new long[] {(long) at[i] * steps, (long) at[i] * steps + steps - 1}) {
                assertThat(schedule.at(step))
                        .as("%s at %s", schedule, step)
                        .isCloseTo(value[i], within(TOLERANCE * peak));
            }
        }
    }
}
