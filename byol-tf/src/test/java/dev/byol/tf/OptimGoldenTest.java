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
        Map<String, float[]> values = new LinkedHashMap<>();
        for (String p : parameters) {
            values.put("online/" + path(p), GOLDEN.tensor("init." + p).floats());
        }
        for (int step = 0; step < rates.length; step++) {
            Map<String, float[]> next = step(rule, parameters, values, step);
            for (String p : parameters) {
                float[] all = GOLDEN.tensor(name + "." + p).floats();
                int size = all.length / rates.length;
                float[] expected = Arrays.copyOfRange(all, step * size, (step + 1) * size);
                float[] found = next.get("online/" + path(p));
                for (int i = 0; i < size; i++) {
                    assertThat((double) found[i])
                            .as("%s at %d after step %d", p, i, step)
                            .isCloseTo(expected[i], within(1e-5));
                }
            }
            values = next;
        }
    }

    private static Map<String, float[]> step(
            Optimizer rule, List<String> names, Map<String, float[]> values, int step) {
        try (Harness harness = Harness.training()) {
            Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
            Map<String, float[]> inputs = new LinkedHashMap<>();
            for (String p : names) {
                Shape shape = Shape.of(GOLDEN.tensor("init." + p).shape());
                Parameter parameter =
                        harness.step.online().parameter(path(p), shape, role(p, shape), Initializer.zeros());
                float[] all = GOLDEN.tensor("grad." + p).floats();
                inputs.put("grad." + p, Arrays.copyOfRange(all, step * shape.size(), (step + 1) * shape.size()));
                gradients.put((ParameterNode) parameter, (Node) harness.step.input("grad." + p, shape));
            }
            harness.step.update(rule, gradients);
            Map<String, dev.byol.api.Tensor> outputs = new LinkedHashMap<>();
            harness.step.next().forEach((p, value) -> outputs.put(p.name(), value));
            for (StateNode slot : harness.step.states()) {
                outputs.put(slot.name(), slot.next().orElseThrow());
            }
            harness.step
                    .schedules()
                    .forEach((schedule, node) ->
                            inputs.put(node.op().toString(), new float[] {(float) schedule.at(step)}));
            values.forEach(harness::set);
            return harness.run(outputs, inputs);
        }
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
                        .decayed(filter(c))
                        .build();
            case "lars_deepmind" ->
                Lars.builder()
                        .learningRate(rate)
                        .momentum(c.number("momentum"))
                        .weightDecay(c.number("weight_decay"))
                        .trustCoefficient(c.number("eta"))
                        .decayed(filter(c))
                        .adapted(filter(c))
                        .build();
            default -> Assumptions.abort("a rule of the kind " + kind + " is not built yet: " + c.string("name"));
        };
    }

    private static Predicate<Parameter> filter(GoldenCase c) {
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
