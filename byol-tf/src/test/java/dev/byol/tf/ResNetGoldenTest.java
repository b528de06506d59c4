package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.StateNode;
import dev.byol.api.nn.Norm;
import dev.byol.api.nn.ResNet;
import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.Arrays;
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
        int[] widths = GOLDEN.header().ints("widths");
        ResNet network = new ResNet(
                Arrays.stream(GOLDEN.header().ints("blocks")).boxed().toList(),
                ResNet.Block.BASIC,
                widths[0],
                ResNet.Stem.valueOf(stem.toUpperCase(Locale.ROOT)),
                Norm.batch());
        Map<String, float[]> variables = new LinkedHashMap<>();
        for (String source : new String[] {"imagenet.s.", stem + ".s."}) { // the second one holds what differs
            for (String name : GOLDEN.names()) {
                if (name.startsWith(source) && !name.endsWith("num_batches_tracked")) {
                    variables.put(
                            "online/" + Torch.encoder(name.substring(source.length())),
                            Torch.weight(GOLDEN.tensor(name)));
                }
            }
        }
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
            for (String name : GOLDEN.names()) {
                if (name.startsWith(stem + ".b2.") && !name.endsWith("num_batches_tracked")) {
                    String theirs = name.substring((stem + ".b2.").length());
                    LayersGoldenTest.assertClose(
                            name,
                            found.get("online/" + Torch.encoder(theirs)),
                            GOLDEN.tensor(name).floats());
                }
            }
        }
        try (Harness harness = Harness.inference(shape.with(0, Shape.UNKNOWN))) {
            Tensor y = network.apply(harness.step.online(), harness.step.view(0));
            variables.forEach(harness::set);
            assertClose("y in inference", harness.run(Map.of("y", y), inputs).get("y"), "y_eval", stem);
        }
    }

    private static void assertClose(String what, float[] found, String tensor, String stem) {
        LayersGoldenTest.assertClose(
                stem + " " + what, found, GOLDEN.tensor(stem + "." + tensor).floats());
    }
}
