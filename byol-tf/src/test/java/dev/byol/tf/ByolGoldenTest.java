package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.method.Byol;
import dev.byol.api.method.Cosines;
import dev.byol.api.nn.Mlp;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import dev.byol.optim.Filters;
import dev.byol.optim.Lars;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whole BYOL steps, and the activations and gradients of the first, against PyTorch's double precision. */
class ByolGoldenTest {
    private static final Golden INIT = Golden.open("byol_init");

    @Test
    void init_activationsAndGradients() {
        Byol byol = byol(1);
        GoldenTensor v1 = INIT.tensor("v1");
        Map<String, float[]> inputs = Map.of("view0", images("v1"), "view1", images("v2"));
        try (Harness harness = Harness.training(Torch.activationShape(v1), Torch.activationShape(v1))) {
            Node loss = harness.step.record(byol, List.of());
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("loss", loss);
            harness.step.observed().forEach(outputs::put);
            Map<String, Tensor> seen = harness.step.observed();
            Cosines.Pair cosines = Cosines.Pair.of(seen.get("z0"), seen.get("z'1")); // the fixture has one direction
            outputs.put("pos_cos", cosines.positive());
            outputs.put("neg_cos", cosines.negative());
            for (ParameterNode p : harness.step.trained()) {
                outputs.put(p.name(), harness.gradient(loss, p));
            }
            state().forEach(harness::set);
            Map<String, float[]> found = harness.run(outputs, inputs);
            for (String scalar : List.of("loss", "pos_cos", "neg_cos")) {
                double expected = INIT.cases().get(0).number(scalar);
                assertThat((double) found.get(scalar)[0]).as(scalar).isCloseTo(expected, within(1e-4));
            }
            Map<String, String> observed = Map.of(
                    "q0", "q1", "q1", "q2", "z'0", "k1", "z'1", "k2", "z0", "z1", "z1", "z2", "y0", "e1", "y1", "e2");
            observed.forEach((ours, theirs) -> {
                if (INIT.has("act." + theirs)) {
                    LayersGoldenTest.assertClose(
                            ours, found.get(ours), INIT.tensor("act." + theirs).floats());
                }
            });
            int gradients = 0;
            for (String name : INIT.names()) {
                if (name.startsWith("grad.")) {
                    String ours = Torch.network(gradient(name));
                    LayersGoldenTest.assertClose(ours, found.get(ours), Torch.weight(INIT.tensor(name)));
                    gradients++;
                }
            }
            assertThat(gradients).isEqualTo(harness.step.trained().size());
        }
    }

    @Test
    void step_sgd() {
        Golden golden = Golden.open("byol_step_sgd");
        double lr = golden.header().number("lr");
        Optimizer sgd = Sgd.builder()
                .learningRate(Schedules.constant(lr))
                .momentum(0.9)
                .weightDecay(1e-4)
                .decayed(Filters.all())
                .build();
        check(golden, sgd);
    }

    @Test
    void step_lars() {
        Golden golden = Golden.open("byol_step_lars");
        double lr = golden.header().number("lr");
        Optimizer lars = Lars.builder()
                .learningRate(Schedules.constant(lr))
                .momentum(0.9)
                .weightDecay(1.5e-6)
                .trustCoefficient(1e-3)
                .decayed(Filters.only(Parameter.Role.KERNEL))
                .adapted(Filters.only(Parameter.Role.KERNEL))
                .build();
        check(golden, lars);
    }

    private static void check(Golden golden, Optimizer optimizer) {
        GoldenCase c = golden.cases().get(0);
        double[] losses = c.numbers("losses");
        List<GoldenCase> norms = c.children("norms_after_step");
        int[] shape = INIT.tensor("v1").shape();
        ImageFormat format =
                new ImageFormat(shape[2], shape[3], shape[1], List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
        try (Trainer trainer = Trainer.builder()
                .method(byol(golden.header().number("tau")))
                .optimizer(optimizer)
                .images(format)
                .batch(shape[0])
                .build()) {
            trainer.write(variables(trainer));
            for (int step = 0; step < losses.length; step++) {
                String suffix = step == 0 ? "" : "." + step;
                StepReport report = trainer.stepNormalized(images("v1" + suffix), images("v2" + suffix));
                assertThat(report.loss()).as("loss of step %d", step).isCloseTo(losses[step], within(1e-4));
                Map<String, float[]> values = trainer.values();
                if (step == 0) {
                    assertState(golden, values);
                }
                assertNorms(norms.get(step), values, step);
            }
        }
    }

    private static Map<String, float[]> state() {
        Map<String, float[]> state = new LinkedHashMap<>();
        for (String name : INIT.names()) {
            if (name.matches("(online|target)\\..*") && !name.endsWith("num_batches_tracked")) {
                state.put(Torch.network(name), Torch.weight(INIT.tensor(name)));
            }
        }
        return state;
    }

    private static Map<String, float[]> variables(Trainer trainer) {
        Map<String, float[]> state = state();
        List<String> ours = trainer.variables().keySet().stream()
                .filter(v -> v.startsWith("online/") || v.startsWith("target/"))
                .toList();
        assertThat(state.keySet()).containsExactlyInAnyOrderElementsOf(ours);
        return state;
    }

    private static void assertState(Golden golden, Map<String, float[]> values) {
        int compared = 0;
        for (String name : golden.names()) {
            boolean sampled = name.startsWith("s8.");
            if ((!sampled && !name.startsWith("s.")) || name.endsWith("num_batches_tracked")) {
                continue;
            }
            String theirs = name.substring(name.indexOf('.') + 1);
            float[] found = values.get(Torch.network(theirs));
            float[] expected = golden.tensor(name).floats();
            if (sampled) {
                float[] inTheirOrder = theirLayout(found, INIT.tensor(theirs));
                float[] every = new float[expected.length];
                for (int i = 0; i < every.length; i++) {
                    every[i] = inTheirOrder[8 * i];
                }
                found = every;
            } else {
                expected = Torch.weight(golden.tensor(name));
            }
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) found[i]).as("%s at %d", theirs, i).isCloseTo(expected[i], within(1e-5));
            }
            compared++;
        }
        assertThat(compared).isPositive();
    }

    /** Our values in PyTorch's order: the inverse of {@link Torch#weight}. */
    private static float[] theirLayout(float[] ours, GoldenTensor like) {
        int[] s = like.shape();
        float[] theirs = new float[ours.length];
        int in = s.length > 1 ? s[1] : 1;
        int area = s.length == 4 ? s[2] * s[3] : 1;
        for (int o = 0; o < s[0]; o++) {
            for (int i = 0; i < in; i++) {
                for (int a = 0; a < area; a++) {
                    theirs[(o * in + i) * area + a] = s.length == 1 ? ours[o] : ours[(a * in + i) * s[0] + o];
                }
            }
        }
        return theirs;
    }

    private static void assertNorms(GoldenCase norms, Map<String, float[]> values, int step) {
        for (String name : norms.values().keySet()) {
            if (!name.endsWith("num_batches_tracked")) {
                double sum = 0;
                for (float v : values.get(Torch.network(name))) {
                    sum += (double) v * v;
                }
                double expected = norms.number(name);
                assertThat(Math.sqrt(sum))
                        .as("norm of %s after step %d", name, step)
                        .isCloseTo(expected, within(1e-4 * Math.max(1, expected)));
            }
        }
    }

    /** The networks as the fixture's {@code arch} and shapes say. */
    private static Byol byol(double tau) {
        GoldenCase arch = INIT.header().child("arch");
        Matcher stem = Pattern.compile("stem (\\w+), widths ([\\d,]+)").matcher(arch.string("encoder"));
        assertThat(stem.find()).as(arch.string("encoder")).isTrue();
        int[] widths = Arrays.stream(stem.group(2).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        List<Integer> blocks = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            int block = 0;
            while (INIT.has("online.encoder.layer" + (i + 1) + "." + block + ".conv1.weight")) {
                block++;
            }
            blocks.add(block);
        }
        ResNet encoder = new ResNet(
                blocks,
                ResNet.Block.BASIC,
                widths[0],
                ResNet.Stem.valueOf(stem.group(1).toUpperCase(Locale.ROOT)),
                Norm.batch());
        return new Byol(encoder, mlp("projector"), mlp("predictor"), TargetUpdater.ema(Schedules.constant(tau)));
    }

    private static Mlp mlp(String name) {
        int hidden = INIT.tensor("online." + name + ".0.weight").dimension(0);
        int output = INIT.tensor("online." + name + ".3.weight").dimension(0);
        return new Mlp(2, hidden, output, Norm.batch());
    }

    private static String gradient(String name) {
        String rest = name.substring("grad.".length());
        return rest.startsWith("online.") ? rest : "online." + rest;
    }

    private static float[] images(String name) {
        return Torch.activation(INIT.tensor(name));
    }
}
