package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Encoder;
import dev.byol.api.Method;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.TargetUpdater;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.method.Byol;
import dev.byol.api.method.Cosines;
import dev.byol.api.method.ReferenceByol;
import dev.byol.api.nn.ResNet;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import dev.byol.optim.Filters;
import dev.byol.optim.Lars;
import dev.byol.optim.Schedules;
import dev.byol.optim.Sgd;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whole BYOL steps, and the activations and gradients of the first, against PyTorch's double precision. */
class ByolGoldenTest {
    private static final Golden INIT = Golden.open("byol_init");
    private static final Networks NETWORKS = new Networks();
    private static final Pattern STATE = Pattern.compile("s(\\d*)\\.((?:online|target)\\..*)");

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
            List<ParameterNode> trained = harness.step.trained();
            List<Tensor> backward = harness.gradients(loss, trained);
            for (int i = 0; i < trained.size(); i++) {
                outputs.put(trained.get(i).name(), backward.get(i));
            }
            state().forEach(harness::set);
            Map<String, float[]> found = harness.run(outputs, inputs);
            for (String scalar : List.of("loss", "pos_cos", "neg_cos")) {
                double expected = INIT.cases().get(0).number(scalar);
                assertThat((double) found.get(scalar)[0]).as(scalar).isCloseTo(expected, within(1e-4));
            }
            Map<String, String> names = Map.of(
                    "q1", "q0", "q2", "q1", "k1", "z'0", "k2", "z'1", "z1", "z0", "z2", "z1", "e1", "y0", "e2", "y1");
            Map<String, GoldenTensor> activations = Torch.under(INIT, "act.");
            assertThat(activations.keySet()).isNotEmpty().isSubsetOf(names.keySet());
            activations.forEach((theirs, activation) ->
                    Torch.assertClose(theirs, found.get(names.get(theirs)), activation.floats()));
            Map<String, GoldenTensor> gradients = Torch.under(INIT, "grad.");
            assertThat(gradients).hasSameSizeAs(trained);
            gradients.forEach((name, gradient) -> {
                String ours = NETWORKS.path("online." + name);
                Torch.assertClose(ours, found.get(ours), Torch.weight(gradient));
            });
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
        check(golden, byol(golden.header().number("tau")), sgd);
    }

    @Test
    void step_lars() {
        Golden golden = Golden.open("byol_step_lars");
        double lr = golden.header().number("lr");
        Optimizer lars = Lars.deepMind()
                .learningRate(Schedules.constant(lr))
                .momentum(0.9)
                .weightDecay(1.5e-6)
                .trustCoefficient(1e-3)
                .decayed(Filters.only(Parameter.Role.KERNEL))
                .adapted(Filters.only(Parameter.Role.KERNEL))
                .build();
        check(golden, byol(golden.header().number("tau")), lars);
    }

    /** The order, the exclusions by name, LARS and the statistics of the code behind the appendix. */
    @Test
    void step_reference() {
        Golden golden = Golden.open("byol_step_reference");
        Predicate<Parameter> kept = Filters.appendixExclusions().negate();
        Optimizer lars = Lars.you2017()
                .learningRate(Schedules.constant(golden.header().number("lr")))
                .momentum(0.9)
                .weightDecay(1e-4)
                .trustCoefficient(1e-3)
                .decayed(kept)
                .adapted(kept)
                .build();
        TargetUpdater ema = TargetUpdater.ema(Schedules.constant(golden.header().number("tau")));
        Matcher factor =
                Pattern.compile("factor\\W+([\\d.]+)").matcher(golden.header().string("loss"));
        double theirFactor = factor.find() ? Double.parseDouble(factor.group(1)) : 1;
        check(
                golden,
                new ReferenceByol(
                        NETWORKS.encoder,
                        NETWORKS.projector.network()::apply,
                        NETWORKS.predictor.network()::apply,
                        ema.beforeOptimizer(),
                        theirFactor / 2), // of 1 - cos
                lars);
    }

    private static void check(Golden golden, Method method, Optimizer optimizer) {
        GoldenCase c = golden.cases().get(0);
        double[] losses = c.numbers("losses");
        List<GoldenCase> norms = c.children("norms_after_step");
        int[] shape = INIT.tensor("v1").shape();
        ImageFormat format = new ImageFormat(
                shape[2], shape[3], shape[1], Collections.nCopies(shape[1], 0.0), Collections.nCopies(shape[1], 1.0));
        try (Trainer trainer = Trainer.builder()
                .method(method)
                .optimizer(optimizer)
                .images(format)
                .batch(shape[0])
                .build()) {
            trainer.write(variables(trainer));
            for (int step = 0; step < losses.length; step++) {
                String suffix = step == 0 ? "" : "." + step;
                StepReport report = trainer.stepNormalized(images("v1" + suffix), images("v2" + suffix));
                // Where even PyTorch's float32 is off by as much, ten times that.
                double conditioning = c.has("losses_f32") ? Math.abs(c.numbers("losses_f32")[step] - losses[step]) : 0;
                assertThat(report.loss())
                        .as("loss of step %d", step)
                        .isCloseTo(losses[step], within(Math.max(1e-4, 10 * conditioning)));
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
                state.put(NETWORKS.path(name), Torch.weight(INIT.tensor(name)));
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
        Set<String> compared = new HashSet<>();
        for (String name : golden.names()) {
            Matcher part = STATE.matcher(name); // whole, or every so manieth value of the flattened tensor
            if (!part.matches() || name.endsWith("num_batches_tracked")) {
                continue;
            }
            boolean sampled = !part.group(1).isEmpty();
            String theirs = part.group(2);
            float[] found = values.get(NETWORKS.path(theirs));
            float[] expected = golden.tensor(name).floats();
            if (sampled) {
                float[] inTheirOrder = theirLayout(found, INIT.tensor(theirs));
                float[] every = new float[expected.length];
                for (int i = 0; i < every.length; i++) {
                    every[i] = inTheirOrder[Integer.parseInt(part.group(1)) * i];
                }
                found = every;
            } else {
                expected = Torch.weight(golden.tensor(name));
            }
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) found[i]).as("%s at %d", theirs, i).isCloseTo(expected[i], within(1e-5));
            }
            compared.add(NETWORKS.path(theirs));
        }
        assertThat(compared).isEqualTo(state().keySet());
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

    /** What rounding makes of a step grows in the next ones: PyTorch's own float32 is then off by more than 1e-4. */
    private static void assertNorms(GoldenCase norms, Map<String, float[]> values, int step) {
        double tolerance = step == 0 ? 1e-4 : 1e-3;
        for (String name : norms.values().keySet()) {
            if (!name.endsWith("num_batches_tracked")) {
                double sum = 0;
                for (float v : values.get(NETWORKS.path(name))) {
                    sum += (double) v * v;
                }
                double expected = norms.number(name);
                assertThat(Math.sqrt(sum))
                        .as("norm of %s after step %d", name, step)
                        .isCloseTo(expected, within(tolerance * Math.max(1, expected)));
            }
        }
    }

    private static Byol byol(double tau) {
        return new Byol(
                NETWORKS.encoder,
                NETWORKS.projector.network()::apply,
                NETWORKS.predictor.network()::apply,
                TargetUpdater.ema(Schedules.constant(tau)));
    }

    /** The networks as the fixture's shapes say, and its {@code arch} for the stem, which shapes do not tell. */
    private static final class Networks {
        final Encoder encoder;
        final TorchMlp projector = new TorchMlp(Torch.under(INIT, "online.projector."));
        final TorchMlp predictor = new TorchMlp(Torch.under(INIT, "online.predictor."));

        Networks() {
            String arch = INIT.header().values().get("arch").toString();
            Matcher stem = Pattern.compile("stem\\W+(\\w+)").matcher(arch);
            assertThat(stem.find()).as("a stem in %s", arch).isTrue();
            encoder = TorchResNet.of(
                    Torch.under(INIT, "online.encoder."),
                    ResNet.Stem.valueOf(stem.group(1).toUpperCase(Locale.ROOT)));
        }

        /** Our name of {@code online.encoder.conv1.weight}, {@code target.projector.0.bias} and the like. */
        String path(String name) {
            String[] parts = name.split("\\.", 3);
            String path = switch (parts[1]) {
                case "encoder" -> Torch.encoder(parts[2]);
                case "projector" -> projector.path(parts[2]);
                case "predictor" -> predictor.path(parts[2]);
                default -> throw new IllegalArgumentException("no network of the name " + name);
            };
            return parts[0] + "/" + parts[1] + "/" + path;
        }
    }

    private static float[] images(String name) {
        return Torch.activation(INIT.tensor(name));
    }
}
