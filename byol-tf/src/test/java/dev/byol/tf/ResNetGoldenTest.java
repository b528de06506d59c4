package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Encoder;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.StateNode;
import dev.byol.api.nn.ResNet;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The whole encoder, in training and in inference, against torchvision's geometry. */
class ResNetGoldenTest {
    private static final Golden GOLDEN = Golden.open("resnet10tiny_forward");

    @TestFactory
    Stream<DynamicTest> forward_asTorchvision() {
        return GOLDEN.cases().stream().map(c -> DynamicTest.dynamicTest(c.string("stem"), () -> check(c)));
    }

    private static void check(GoldenCase c) {
        String stem = c.string("stem");
        // What every stem shares is in the fixture once, under one of them.
        Map<String, GoldenTensor> tensors = new LinkedHashMap<>();
        GOLDEN.cases().forEach(other -> tensors.putAll(Torch.under(GOLDEN, other.string("stem") + ".s.")));
        tensors.putAll(Torch.under(GOLDEN, stem + ".s."));
        Encoder network = TorchResNet.of(tensors, ResNet.Stem.valueOf(stem.toUpperCase(Locale.ROOT)));
        Map<String, float[]> variables = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> variables.put("online/" + Torch.encoder(name), Torch.weight(tensor)));
        GoldenTensor x = GOLDEN.tensor("x");
        Shape shape = Torch.activationShape(x);
        Map<String, float[]> inputs = Map.of("view0", Torch.activation(x));
        try (Harness harness = Harness.training(shape)) {
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("y", network.apply(harness.step.online(), harness.step.view(0)));
            for (StateNode state : harness.step.states()) {
                outputs.put(state.name(), state.next().orElseThrow());
            }
            variables.forEach(harness::set);
            Map<String, float[]> found = harness.run(outputs, inputs);
            assertClose("y in training", found.get("y"), "y_train", stem);
            Map<String, float[]> buffers = new LinkedHashMap<>();
            Torch.under(GOLDEN, stem + ".b2.")
                    .forEach((name, tensor) -> buffers.put("online/" + Torch.encoder(name), tensor.floats()));
            buffers.forEach((name, expected) -> Torch.assertClose(stem + " " + name, found.get(name), expected));
            found.remove("y");
            assertThat(buffers.keySet()).isEqualTo(found.keySet());
        }
        try (Harness harness = Harness.inference(shape.with(0, Shape.UNKNOWN))) {
            Tensor y = network.apply(harness.step.online(), harness.step.view(0));
            variables.forEach(harness::set);
            assertClose("y in inference", harness.run(Map.of("y", y), inputs).get("y"), "y_eval", stem);
        }
    }

    private static void assertClose(String what, float[] found, String tensor, String stem) {
        Torch.assertClose(
                stem + " " + what, found, GOLDEN.tensor(stem + "." + tensor).floats());
    }
}
