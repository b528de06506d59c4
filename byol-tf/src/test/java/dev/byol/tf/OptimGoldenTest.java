package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Initializer;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.optim.Adam;
import dev.byol.optim.AdamW;
import dev.byol.optim.Filters;
import dev.byol.optim.Lars;
import dev.byol.optim.Sgd;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Update rules over ten steps on given gradients, against double precision. */
class OptimGoldenTest {
    private static final Golden GOLDEN = Golden.open("optim");

    @TestFactory
    Stream<DynamicTest> rule_asPublished() {
        return GOLDEN.cases().stream().map(c -> DynamicTest.dynamicTest(c.string("name"), () -> check(c)));
    }

    private static void check(GoldenCase c) {
        String name = c.string("name");
        double[] rates = c.numbers("lr");
        Schedule rate = step -> rates[(int) step];
        Optimizer rule = rule(c, rate);
        List<String> parameters = GOLDEN.header().children("params").stream()
                .map(p -> p.string("name"))
                .toList();
        try (Harness harness = Harness.training()) {
            Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
            for (String p : parameters) {
                Shape shape = Shape.of(GOLDEN.tensor("init." + p).shape());
                Parameter parameter =
                        harness.step.online().parameter(path(p), shape, role(p, shape), Initializer.zeros());
                gradients.put((ParameterNode) parameter, (Node) harness.step.input("grad." + p, shape));
                harness.set("online/" + path(p), GOLDEN.tensor("init." + p).floats());
            }
            harness.step.update(rule, gradients);
            for (int step = 0; step < rates.length; step++) {
                Map<String, float[]> next = step(harness, parameters, step, rates.length);
                for (String p : parameters) {
                    float[] expected = row(name + "." + p, step, rates.length);
                    float[] found = next.get("online/" + path(p));
                    for (int i = 0; i < expected.length; i++) {
                        assertThat((double) found[i])
                                .as("%s at %d after step %d", p, i, step)
                                .isCloseTo(expected[i], within(1e-5));
                    }
                }
                next.forEach(harness::set);
            }
        }
    }

    private static Map<String, float[]> step(Harness harness, List<String> parameters, int step, int steps) {
        Map<String, float[]> inputs = new LinkedHashMap<>();
        parameters.forEach(p -> inputs.put("grad." + p, row("grad." + p, step, steps)));
        harness.step
                .schedules()
                .forEach((schedule, node) -> inputs.put(node.op().toString(), new float[] {(float) schedule.at(step)}));
        Map<String, dev.byol.api.Tensor> outputs = new LinkedHashMap<>();
        harness.step.next().forEach((p, value) -> outputs.put(p.name(), value));
        for (StateNode slot : harness.step.states()) {
            outputs.put(slot.name(), slot.next().orElseThrow());
        }
        return harness.run(outputs, inputs);
    }

    /** What a trajectory has for one step. */
    private static float[] row(String trajectory, int step, int steps) {
        float[] all = GOLDEN.tensor(trajectory).floats();
        int size = all.length / steps;
        return Arrays.copyOfRange(all, step * size, (step + 1) * size);
    }

    private static Optimizer rule(GoldenCase c, Schedule rate) {
        String kind = c.string("kind");
        return switch (kind) {
            case "sgd" ->
                Sgd.builder()
                        .learningRate(rate)
                        .momentum(c.number("momentum"))
                        .weightDecay(c.number("weight_decay"))
                        .nesterov(c.has("nesterov") && c.flag("nesterov"))
                        .decayed(included(c))
                        .build();
            case "lars_deepmind" -> lars(Lars.deepMind(), c, rate);
            case "lars_reference" -> lars(Lars.you2017(), c, rate);
            case "adam" ->
                Adam.builder()
                        .learningRate(rate)
                        .beta1(c.numbers("betas")[0])
                        .beta2(c.numbers("betas")[1])
                        .epsilon(c.number("eps"))
                        .weightDecay(c.number("weight_decay"))
                        .decayed(included(c))
                        .build();
            case "adamw" ->
                AdamW.builder()
                        .learningRate(rate)
                        .beta1(c.numbers("betas")[0])
                        .beta2(c.numbers("betas")[1])
                        .epsilon(c.number("eps"))
                        .weightDecay(c.number("weight_decay"))
                        .decayed(included(c))
                        .build();
            default -> Assumptions.abort("a rule of the kind " + kind + " is not built yet: " + c.string("name"));
        };
    }

    private static Lars lars(Lars.Builder builder, GoldenCase c, Schedule rate) {
        return builder.learningRate(rate)
                .momentum(c.number("momentum"))
                .weightDecay(c.number("weight_decay"))
                .trustCoefficient(c.number("eta"))
                .decayed(included(c))
                .adapted(included(c))
                .build();
    }

    private static Predicate<Parameter> included(GoldenCase c) {
        if (c.has("exclude_substrings")) {
            List<String> pieces = c.strings("exclude_substrings");
            return p -> pieces.stream().noneMatch(piece -> p.path().contains(path(piece)));
        }
        String exclude = c.has("exclude") ? c.string("exclude") : "none";
        return switch (exclude) {
            case "none" -> Filters.all();
            case "rank<=1" -> Filters.only(Role.KERNEL);
            default -> Assumptions.abort(c.string("name") + ": the exclusion " + exclude + " is not built");
        };
    }

    private static String path(String name) {
        return name.replace('.', '/');
    }

    private static Role role(String name, Shape shape) {
        if (shape.rank() > 1) {
            return Role.KERNEL;
        }
        return name.endsWith(".weight") ? Role.NORM_SCALE : Role.BIAS;
    }
}
