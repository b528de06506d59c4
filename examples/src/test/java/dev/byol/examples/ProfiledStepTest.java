package dev.byol.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.tf.StepProfile;
import dev.byol.tf.StepReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfiledStepTest {
    private static StepProfile profile(StepProfile.Operation... operations) {
        return new StepProfile(new StepReport(1, 0, Map.of()), List.of(operations));
    }

    private static StepProfile.Operation operation(String type, double micros) {
        return new StepProfile.Operation("node", type, "CPU:0", 0, micros);
    }

    /** So many types, the first of which took a microsecond, the second two, and so on. */
    private static StepProfile types(int count) {
        List<StepProfile.Operation> operations = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            operations.add(operation("T" + i, i));
        }
        return profile(operations.toArray(StepProfile.Operation[]::new));
    }

    private static String printed(ProfiledStep step) {
        StringWriter text = new StringWriter();
        step.print(new PrintWriter(text));
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    @Test
    void print_hasARowForEachType() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            StepProfile profile =
                    profile(operation("Add", 500), operation("Conv2D", 20_000), operation("Conv2D", 29_500));
            assertThat(printed(new ProfiledStep(profile, 0.0305))).isEqualTo("""
                    a traced step took 30.5 ms
                    operation                             number         ms     share
                    Conv2D                                     2      49.50    99.0 %
                    Add                                        1       0.50     1.0 %
                    Operations overlap: their sum, 50.0 ms, is not the step's time.
                    """);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void print_hasAllTypesAfterTheFifteenthInOneRow() {
        assertThat(printed(new ProfiledStep(types(15), 1)).lines()).hasSize(18).noneMatch(row -> row.contains("other"));
        assertThat(printed(new ProfiledStep(types(16), 1)).lines())
                .hasSize(19)
                .anyMatch(row -> row.startsWith("1 other type "));
        assertThat(printed(new ProfiledStep(types(20), 1)).lines())
                .hasSize(19)
                .contains("5 other types                              5       0.02     7.1 %");
    }

    @Test
    void print_ofNothing_hasNoRows() {
        assertThat(printed(new ProfiledStep(profile(), 0.001))).isEqualTo("""
                a traced step took 1.0 ms
                operation                             number         ms     share
                Operations overlap: their sum, 0.0 ms, is not the step's time.
                """);
    }

    @Test
    void operations_areAllTypes() {
        assertThat(new ProfiledStep(types(20), 1).operations())
                .hasSize(20)
                .startsWith(Map.of("type", "T20", "count", 1, "milliseconds", 0.02));
    }

    @Test
    void of_isTheStepInTheMiddle() {
        List<Integer> pauses = new ArrayList<>(List.of(200, 1, 50));
        ProfiledStep step = ProfiledStep.of(() -> {
            int pause = pauses.remove(0);
            pause(pause);
            return profile(operation("Add", pause));
        });
        assertThat(step.operations()).containsExactly(Map.of("type", "Add", "count", 1, "milliseconds", 0.05));
        assertThat(step.seconds()).isGreaterThanOrEqualTo(0.05);
    }

    private static void pause(int milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
