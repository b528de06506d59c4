package dev.byol.tf;

import static dev.byol.optim.Filters.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.byol.api.Initializer;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.nn.Norm;
import dev.byol.optim.AdamW;
import dev.byol.optim.Lamb;
import dev.byol.optim.Lars;
import dev.byol.optim.Rules;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An update of all tensors at once, as a GPU gets it, is that of each by itself, as a CPU gets it. */
class MultiTensorTest {
    /** Sizes below, at and above a row of the layout, and multiples of it. */
    private static final List<Shape> SHAPES = List.of(
            Shape.of(3, 3, 4, 8), Shape.of(8, 8), Shape.of(5, 13), Shape.of(1, 1), Shape.of(64, 2), Shape.of(7, 9));

    private static final Schedule RATE = Schedules.warmupCosine(0.3, 1, 5);
    private static final Schedule TAU = Schedules.tau(0.9, 5);

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                sgd(),
                Sgd.builder().learningRate(RATE).nesterov(true).build(),
                Sgd.builder().learningRate(RATE).momentum(0).build(),
                Lars.deepMind().learningRate(RATE).build(),
                AdamW.builder().learningRate(RATE).build(),
                Lamb.builder().learningRate(RATE).build(),
                Rules.split(
                        path("layer1", "layer2", "layer3"),
                        Lars.you2017().learningRate(RATE).build(),
                        sgd()));
    }

    /** Sums of three scalars and more: TensorFlow adds them up in an order of its own. */
    static Stream<Optimizer> sums() {
        return Stream.of(Lars.bolts().learningRate(RATE).build(), Rules.chain(Rules.clipByGlobalNorm(0.1), sgd()));
    }

    private static Optimizer sgd() {
        return Sgd.builder().learningRate(RATE).weightDecay(1e-2).build();
    }

    /** Kernels and biases with a gradient each, a target that follows them, and what batch normalisation keeps. */
    private static Harness recorded(Optimizer optimizer, boolean joined) {
        Harness harness = Harness.training();
        Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
        TargetUpdater updater = TargetUpdater.ema(TAU);
        for (int i = 0; i < SHAPES.size(); i++) {
            Shape kernel = SHAPES.get(i);
            for (Role role : List.of(Role.KERNEL, Role.BIAS)) {
                String name = "layer" + i + "/" + role;
                Shape shape = role == Role.KERNEL ? kernel : Shape.of(kernel.dimension(-1));
                Initializer start = Initializer.normal(1);
                Node gradient = (Node) harness.step.input(name, shape);
                gradients.put((ParameterNode) harness.step.online().parameter(name, shape, role, start), gradient);
                harness.step.target(updater).parameter(name, shape, role, start);
                State mean = harness.step.online().state(name + "/mean", shape, Initializer.zeros());
                mean.assign(mean.value().times(0.9).plus(gradient.square().times(0.1)));
            }
        }
        Node scale = (Node) harness.step.input("scale", Shape.scalar());
        gradients.put(
                (ParameterNode) harness.step.online().parameter("scale", Shape.scalar(), Role.BIAS, Initializer.ones()),
                scale);
        harness.step.update(optimizer, gradients);
        if (joined) {
            harness.join();
        }
        return harness;
    }

    private static Map<String, float[]> step(Harness harness, long at) {
        Map<String, float[]> inputs = new LinkedHashMap<>();
        Random random = new Random(at);
        harness.step.inputs().forEach((name, node) -> {
            float[] value = new float[node.shape().size()];
            for (int i = 0; i < value.length; i++) {
                value[i] = (float) random.nextGaussian();
            }
            inputs.put(name, value);
        });
        harness.step
                .schedules()
                .forEach((schedule, node) -> inputs.put(node.op().toString(), new float[] {(float) schedule.at(at)}));
        Map<String, Tensor> outputs = new LinkedHashMap<>(harness.step.reports());
        outputs.putAll(harness.next());
        Map<String, float[]> found = harness.run(outputs, inputs);
        harness.next().keySet().forEach(name -> harness.set(name, found.get(name)));
        return found;
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void update_ofAllTensorsAtOnce_givesTheBitsOfEachByItself(Optimizer optimizer) {
        try (Harness together = recorded(optimizer, true);
                Harness alone = recorded(optimizer, false)) {
            for (int i = 0; i < 4; i++) {
                Map<String, float[]> found = step(together, i);
                Map<String, float[]> expected = step(alone, i);
                assertThat(found).hasSameSizeAs(expected);
                expected.forEach(
                        (name, value) -> assertThat(found.get(name)).as(name).containsExactly(value));
            }
            assertThat(together.count("Mul")).isPositive().isLessThan(alone.count("Mul") / 3);
        }
    }

    @ParameterizedTest
    @MethodSource("sums")
    void update_withSumsOfScalars_isThatOfEachByItself(Optimizer optimizer) {
        try (Harness together = recorded(optimizer, true);
                Harness alone = recorded(optimizer, false)) {
            for (int i = 0; i < 4; i++) {
                Map<String, float[]> found = step(together, i);
                step(alone, i)
                        .forEach((name, value) ->
                                assertThat(found.get(name)).as(name).containsExactly(value, within(1e-6f)));
            }
        }
    }

    /** Where there is no GPU, TensorFlow runs what is placed on one on the CPU, after more passes over the graph than a CPU gets. */
    @Test
    void step_ofANetwork_isThatOfACpu() {
        Trainer.Builder settings = Tiny.resNet()
                .method(Tiny.byol(Norm.batch(), TargetUpdater.ema(TAU)))
                .batch(4)
                .microBatch(2)
                .optimizer(Lars.deepMind().learningRate(RATE).build());
        try (Trainer together = placed(settings);
                Trainer alone = settings.build(ChosenDevice.cpu("for a test"))) {
            byte[] views = new byte[4 * settings.format().size()];
            for (int i = 0; i < 2; i++) {
                new Random(i).nextBytes(views);
                together.step(views, views);
                alone.step(views, views);
            }
            Map<String, float[]> found = together.values();
            alone.values().forEach((name, expected) -> {
                for (int i = 0; i < expected.length; i++) {
                    assertThat(found.get(name)[i]).as(name).isCloseTo(expected[i], within(1e-4f));
                }
            });
        }
    }

    @Test
    void updateThatIsNotFinite_namesTheSameOperationAndParameter() {
        for (double rate : new double[] {1e30, Double.NaN}) {
            Trainer.Builder settings = Tiny.resNet()
                    .optimizer(Sgd.builder().learningRate(step -> rate).build());
            try (Trainer together = placed(settings);
                    Trainer alone = settings.build(ChosenDevice.cpu("for a test"))) {
                assertThat(failure(together)).isEqualTo(failure(alone));
            }
        }
    }

    private static Trainer placed(Trainer.Builder settings) {
        assumeTrue(DeviceChoice.AUTO.settle().gpu().isEmpty(), "there is a GPU, whose numbers are not the CPU's");
        return settings.build(ChosenDevice.gpu(0, "for a test"));
    }

    private static NonFinite failure(Trainer trainer) {
        byte[] views = new byte[4 * 16 * 16 * 3];
        new Random(1).nextBytes(views);
        return catchThrowableOfType(NonFiniteException.class, () -> {
                    trainer.step(views, views);
                    trainer.step(views, views);
                })
                .origin();
    }
}
