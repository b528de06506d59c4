package dev.byol.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Trajectories of PyTorch's and DeepMind's rules, to 1e-5; rehearsed in doubles, without an engine. */
class RulesGoldenTest {
    private static final double TOLERANCE = 1e-5;

    private final Golden golden = Golden.open("optim");

    @TestFactory
    Stream<DynamicTest> rules_asReference() {
        return golden.cases().stream().map(rule -> DynamicTest.dynamicTest(rule.string("name"), () -> check(rule)));
    }

    private void check(GoldenCase rule) {
        Optimizer optimizer = optimizer(rule);
        Rehearsal rehearsal = new Rehearsal();
        List<String> names = golden.header().children("params").stream()
                .map(parameter -> parameter.string("name"))
                .toList();
        for (String name : names) {
            GoldenTensor start = golden.tensor("init." + name);
            rehearsal.parameter(name, role(name, start), row(start.floats(), 0, start.size()));
        }
        rehearsal.by(optimizer);
        for (int step = 0; step < rule.list("lr").size(); step++) {
            Map<String, double[]> gradients = new LinkedHashMap<>();
            for (String name : names) {
                gradients.put(name, row(golden.tensor("grad." + name), step));
            }
            rehearsal.step(gradients);
            for (String name : names) {
                assertThat(rehearsal.value(name))
                        .as("%s after step %s", name, step)
                        .containsExactly(row(golden.tensor(rule.string("name") + "." + name), step), within(TOLERANCE));
            }
        }
    }

    private static Optimizer optimizer(GoldenCase rule) {
        double[] rates = rule.numbers("lr");
        Schedule rate = step -> rates[(int) step];
        return switch (rule.string("kind")) {
            case "sgd" ->
                Sgd.builder()
                        .learningRate(rate)
                        .momentum(rule.number("momentum"))
                        .weightDecay(rule.number("weight_decay"))
                        .nesterov(rule.has("nesterov") && rule.flag("nesterov"))
                        .decayed(included(rule))
                        .build();
            case "lars_deepmind" ->
                Lars.builder()
                        .learningRate(rate)
                        .momentum(rule.number("momentum"))
                        .weightDecay(rule.number("weight_decay"))
                        .trustCoefficient(rule.number("eta"))
                        .decayed(included(rule))
                        .adapted(included(rule))
                        .build();
            default ->
                Assumptions.abort(rule.string("name") + ": rules of kind " + rule.string("kind") + " are not built");
        };
    }

    private static Predicate<Parameter> included(GoldenCase rule) {
        String exclude = rule.has("exclude") ? rule.string("exclude") : "none";
        return switch (exclude) {
            case "none" -> Filters.all();
            case "rank<=1" -> Filters.only(Role.KERNEL);
            default -> Assumptions.abort(rule.string("name") + ": the exclusion " + exclude + " is not built");
        };
    }

    private static Role role(String name, GoldenTensor tensor) {
        if (tensor.shape().length > 1) {
            return Role.KERNEL;
        }
        return name.endsWith("bias") ? Role.BIAS : Role.NORM_SCALE;
    }

    private static double[] row(GoldenTensor trajectory, int step) {
        int size = trajectory.size() / trajectory.dimension(0);
        return row(trajectory.floats(), step * size, size);
    }

    private static double[] row(float[] values, int from, int size) {
        double[] row = new double[size];
        Arrays.setAll(row, i -> values[from + i]);
        return row;
    }
}
