package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.BatchNorm;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Network;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.nn.Linear;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.WeightStandardization;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Layers forward, backward, and in inference, against PyTorch. */
class LayersGoldenTest {
    private static final Golden GOLDEN = Golden.open("layers");

    @TestFactory
    Stream<DynamicTest> layer_asPyTorch() {
        return GOLDEN.cases().stream().map(c -> DynamicTest.dynamicTest(c.string("name"), () -> check(c)));
    }

    private static void check(GoldenCase layer) {
        String name = layer.string("name");
        Network network = network(layer);
        Map<String, String> names = names(layer);
        GoldenTensor x = GOLDEN.tensor(name + ".x");
        Shape shape = Torch.activationShape(x);
        Map<String, float[]> inputs = new HashMap<>();
        inputs.put("x", Torch.activation(x));
        inputs.put("view0", Torch.activation(x));
        inputs.put("gy", Torch.activation(GOLDEN.tensor(name + ".gy")));
        try (Harness harness = Harness.training()) {
            Tensor in = harness.step.input("x", shape);
            Tensor y = network.apply(harness.step.online(), in);
            Tensor gy = harness.step.input("gy", y.shape());
            Tensor scalar = y.times(gy).sum();
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            Map<String, float[]> expected = new LinkedHashMap<>();
            outputs.put("y", y);
            expected.put("y", Torch.activation(GOLDEN.tensor(name + ".y")));
            outputs.put("dx", harness.gradient(scalar, in));
            expected.put("dx", Torch.activation(GOLDEN.tensor(name + ".dx")));
            for (ParameterNode p : List.copyOf(harness.step.parameters())) {
                outputs.put("d." + p.path(), harness.gradient(scalar, p));
            }
            for (StateNode s : harness.step.states()) {
                outputs.put("b2." + s.path(), s.next().orElseThrow());
            }
            names.forEach((theirs, ours) -> {
                for (String kind : List.of("p.", "b.")) {
                    if (GOLDEN.has(name + "." + kind + theirs)) {
                        harness.set("online/" + ours, Torch.weight(GOLDEN.tensor(name + "." + kind + theirs)));
                    }
                }
                for (String kind : List.of("d.", "b2.")) {
                    if (GOLDEN.has(name + "." + kind + theirs)) {
                        expected.put(kind + ours, Torch.weight(GOLDEN.tensor(name + "." + kind + theirs)));
                    }
                }
            });
            Map<String, float[]> found = harness.run(outputs, inputs);
            assertThat(found.keySet()).isEqualTo(expected.keySet());
            expected.forEach((what, values) -> Torch.assertClose(name + " " + what, found.get(what), values));
        }
        if (GOLDEN.has(name + ".yeval")) {
            try (Harness harness = Harness.inference(shape)) {
                Tensor y = network.apply(harness.step.online(), harness.step.view(0));
                names.forEach((theirs, ours) -> {
                    for (String kind : List.of("p.", "b.")) {
                        if (GOLDEN.has(name + "." + kind + theirs)) {
                            harness.set("online/" + ours, Torch.weight(GOLDEN.tensor(name + "." + kind + theirs)));
                        }
                    }
                });
                float[] found = harness.run(Map.of("y", y), inputs).get("y");
                Torch.assertClose(name + " in inference", found, Torch.activation(GOLDEN.tensor(name + ".yeval")));
            }
        }
    }

    private static Network network(GoldenCase layer) {
        String name = layer.string("name");
        return switch (layer.string("layer")) {
            case "conv2d" -> convolution(layer, (branch, kernel) -> kernel);
            case "weight_standardised_conv2d" -> convolution(layer, new WeightStandardization(layer.number("eps")));
            case "weight_standardised_linear" -> standardizedLinear(layer);
            case "batchnorm" -> new Norm.Batch(new BatchNorm(layer.number("momentum"), layer.number("eps")));
            case "groupnorm" -> new Norm.Group(layer.integer("groups"), layer.number("eps"));
            case "layernorm" -> new Norm.Layer(layer.number("eps"));
            case "linear" -> new Linear(GOLDEN.tensor(name + ".p.weight").dimension(0), GOLDEN.has(name + ".p.bias"));
            case "l2normalize" -> (branch, x) -> x.l2Normalize(1);
            case "maxpool" ->
                (branch, x) -> x.maxPool(layer.integer("kernel"), layer.integer("stride"), layer.integer("pad"));
            case "mlp" -> mlp(layer);
            default -> Assumptions.abort("a layer of the kind " + layer.string("layer") + " is not built yet: " + name);
        };
    }

    private static Network mlp(GoldenCase layer) {
        return perceptron(layer).network();
    }

    private static TorchMlp perceptron(GoldenCase layer) {
        String name = layer.string("name");
        String norm = layer.has("norm") ? layer.string("norm") : "none";
        Map<String, GoldenTensor> tensors = Torch.under(GOLDEN, name + ".p.");
        tensors.putAll(Torch.under(GOLDEN, name + ".b."));
        return new TorchMlp(
                tensors,
                switch (norm) {
                    case "bn" -> Norm.batch();
                    case "ln" -> Norm.layer();
                    case "gn" -> Norm.group();
                    case "none" -> Norm.none();
                    default -> Assumptions.abort(name + ": a perceptron with the norm " + norm + " is not built");
                });
    }

    private static Network standardizedLinear(GoldenCase layer) {
        GoldenTensor weight = GOLDEN.tensor(layer.string("name") + ".p.weight");
        boolean bias = GOLDEN.has(layer.string("name") + ".p.bias");
        WeightStandardization standardization = new WeightStandardization(layer.number("eps"));
        if (standardization.equals(WeightStandardization.DEFAULT)) {
            return new Linear(weight.dimension(0), bias, true);
        }
        return (branch, x) -> {
            Tensor kernel = branch.parameter("kernel", Torch.weightShape(weight), Role.KERNEL, Initializer.zeros());
            return biased(branch, x.matmul(standardization.standardize(branch, kernel)), bias);
        };
    }

    private static Tensor biased(Branch branch, Tensor y, boolean bias) {
        Shape channels = Shape.of(y.shape().dimension(-1));
        return bias ? y.plus(branch.parameter("bias", channels, Role.BIAS, Initializer.zeros())) : y;
    }

    private static Network convolution(GoldenCase layer, Network standardization) {
        String name = layer.string("name");
        Shape shape = Torch.weightShape(GOLDEN.tensor(name + ".p.weight"));
        boolean bias = GOLDEN.has(name + ".p.bias");
        return (branch, x) -> {
            Tensor kernel = branch.parameter("kernel", shape, Role.KERNEL, Initializer.zeros());
            Tensor standardized = branch.apply("standardized", standardization, kernel);
            return biased(branch, x.conv2d(standardized, layer.integer("stride"), layer.integer("pad")), bias);
        };
    }

    /** PyTorch's names of the layer's parameters and buffers, and ours. */
    private static Map<String, String> names(GoldenCase layer) {
        String name = layer.string("name");
        Set<String> tensors =
                new LinkedHashSet<>(Torch.under(GOLDEN, name + ".p.").keySet());
        tensors.addAll(Torch.under(GOLDEN, name + ".b.").keySet());
        Map<String, String> names = new LinkedHashMap<>();
        for (String theirs : tensors) {
            names.put(
                    theirs,
                    switch (layer.string("layer")) {
                        case "mlp" -> perceptron(layer).path(theirs);
                        case "batchnorm", "groupnorm", "layernorm" -> Torch.norm(theirs);
                        default -> theirs.equals("weight") ? "kernel" : theirs;
                    });
        }
        return names;
    }
}
