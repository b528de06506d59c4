package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions in bfloat16 and their gradients, against those in float32: TensorFlow's own are wrong for some numbers of channels. */
class ReducedConvolutionTest {
    @ParameterizedTest
    @CsvSource({
        "3, 16, 7, 2, 3", // the stem
        "1, 8, 3, 1, 1", // grey images
        "5, 16, 3, 1, 1",
        "33, 16, 3, 2, 1",
        "7, 16, 1, 1, 0",
        "8, 16, 1, 2, 0",
        "9, 3, 1, 2, 0",
        "8, 1, 3, 1, 1", // to one channel
        "3, 1, 1, 1, 0",
        "16, 5, 3, 1, 1"
    })
    void valuesAndGradients_areThoseOfFloat32(int in, int out, int size, int stride, int padding) {
        Map<String, float[]> full = run(false, in, out, size, stride, padding);
        Map<String, float[]> reduced = run(true, in, out, size, stride, padding);
        assertThat(full.keySet()).containsExactlyInAnyOrder("y", "kernel", "scale");
        full.forEach((name, expected) -> {
            double largest = 0;
            for (float v : expected) {
                largest = Math.max(largest, Math.abs(v));
            }
            assertThat(largest).as(name).isPositive();
            float[] found = reduced.get(name);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) found[i]).as("%s at %d", name, i).isCloseTo(expected[i], within(0.02 * largest));
            }
        });
    }

    /** The input has a scale that learns, so that the gradient of the input is needed and seen. */
    private static Map<String, float[]> run(boolean bfloat16, int in, int out, int size, int stride, int padding) {
        int side = 14;
        int outputs = (side + 2 * padding - size) / stride + 1;
        Shape view = Shape.of(4, side, side, in);
        Shape weights = Shape.of(4, outputs, outputs, out);
        try (Harness harness = bfloat16 ? Harness.reduced(view, weights) : Harness.training(view, weights)) {
            Branch online = harness.step.online();
            Tensor scale = online.parameter("scale", Shape.of(in), Parameter.Role.NORM_SCALE, Initializer.normal(1));
            Tensor kernel = online.parameter(
                    "kernel", Shape.of(size, size, in, out), Parameter.Role.KERNEL, Initializer.normal(0.3));
            Tensor y = harness.step.view(0).times(scale).conv2d(kernel, stride, padding);
            Map<String, Tensor> values = new LinkedHashMap<>();
            values.put("y", y);
            harness.trained(y.times(harness.step.view(1)).sum()).forEach((p, g) -> values.put(p.path(), g));
            return harness.run(
                    values,
                    Map.of(
                            "view0", Initializer.normal(1).draw(view, 1),
                            "view1", Initializer.normal(1).draw(weights, 2)));
        }
    }

    /** Where the processor computes them well, nothing but this would tell that channels are no longer filled up. */
    @ParameterizedTest
    @CsvSource({"3, 16, 2", "1, 8, 2", "33, 2, 2", "4, 16, 0", "3, 1, 0"})
    void oddChannels_areFilledUp(int in, int out, int pads) {
        try (Harness harness = Harness.reduced(Shape.of(2, 14, 14, in))) {
            Tensor kernel = harness.step
                    .online()
                    .parameter("kernel", Shape.of(3, 3, in, out), Parameter.Role.KERNEL, Initializer.ones());
            harness.trained(harness.step.view(0).conv2d(kernel, 1, 0).sum());
            assertThat(harness.count("PadV2")).isEqualTo(pads);
        }
    }
}
