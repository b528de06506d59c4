package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.golden.Golden;
import dev.byol.golden.GoldenCase;
import dev.byol.golden.GoldenTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TUint8;

/** The normalisation inside the graph against torchvision's. */
class NormalizeGoldenTest {
    private static final Golden GOLDEN = Golden.open("augment");

    @TestFactory
    Stream<DynamicTest> normalized_asTorchvision() {
        return GOLDEN.cases().stream()
                .filter(c -> c.string("op").equals("to_tensor_normalize"))
                .map(c -> DynamicTest.dynamicTest(c.string("image"), () -> check(c)));
    }

    private static void check(GoldenCase c) {
        GoldenTensor image = GOLDEN.tensor("image." + c.string("image"));
        int[] shape = image.shape();
        ImageFormat format = new ImageFormat(shape[0], shape[1], shape[2], boxed("mean"), boxed("std"));
        ChosenDevice device = Harness.device();
        try (Graph graph = new Graph();
                Session session = new Session(graph, device.config());
                TUint8 fed = Memory.bytes(format.batch(1), image.bytes(), 0)) {
            Program.Images images = Program.images(device.place(Ops.create(graph)), format, format.batch(1));
            try (Result result = session.runner()
                    .feed(images.fed(), fed)
                    .fetch(images.normalized())
                    .run()) {
                assertThat(Memory.floats(result.get(0)))
                        .containsExactly(GOLDEN.tensor(c.string("out")).transposed(1, 2, 0), within(1e-6f));
            }
        }
    }

    private static List<Double> boxed(String key) {
        return Arrays.stream(GOLDEN.header().numbers(key)).boxed().toList();
    }
}
