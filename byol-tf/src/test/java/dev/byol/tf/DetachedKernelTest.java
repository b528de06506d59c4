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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradient of a kernel by matrix products, in bfloat16, against TensorFlow's own in float32. */
class DetachedKernelTest {
    private static final int IN = 5;
    private static final int OUT = 7;

    @ParameterizedTest
    @CsvSource({
        "6, 6, 3, 3, 1, 1",
        "6, 5, 3, 3, 1, 1",
        "1, 1, 3, 3, 1, 1",
        "3, 3, 3, 3, 1, 1",
        "6, 6, 3, 3, 1, 0",
        "4, 6, 3, 2, 1, 0",
        "6, 6, 3, 3, 2, 1",
        "5, 6, 3, 3, 2, 1",
        "7, 7, 3, 3, 2, 1",
        "8, 9, 3, 3, 2, 0",
        "4, 4, 2, 2, 2, 0",
        "5, 5, 2, 2, 2, 0",
        "12, 11, 7, 7, 2, 3",
        "9, 10, 3, 3, 3, 1",
        "5, 2, 5, 1, 1, 2"
    })
    void gradient_asTensorFlows(int height, int width, int h, int w, int stride, int padding) {
        Map<String, float[]> reduced = gradients(true, height, width, h, w, stride, padding);
        Map<String, float[]> full = gradients(false, height, width, h, w, stride, padding);
        assertThat(reduced.keySet()).isEqualTo(full.keySet());
        full.forEach((name, expected) -> {
            double largest = 0;
            for (float v : expected) {
                largest = Math.max(largest, Math.abs(v));
            }
            float[] found = reduced.get(name);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) found[i])
                        .as("%s at %d", name, i)
                        .isCloseTo(expected[i], within(0.02 * largest)); // bfloat16 has 8 bits
            }
        });
    }

    /** Two views, so that the batches are joined, and a kernel that is made of two parameters. */
    private static Map<String, float[]> gradients(
            boolean bfloat16, int height, int width, int h, int w, int stride, int padding) {
        Shape view = Shape.of(3, height, width, IN);
        Shape shape = Shape.of(h, w, IN, OUT);
        try (Harness harness = bfloat16 ? Harness.reduced(view, view) : Harness.training(view, view)) {
            Branch online = harness.step.online();
            Tensor kernel = online.parameter("kernel", shape, Parameter.Role.KERNEL, Initializer.normal(0.3))
                    .times(online.parameter("scale", Shape.of(OUT), Parameter.Role.NORM_SCALE, Initializer.normal(1)));
            Tensor loss = harness.step
                    .view(0)
                    .conv2d(kernel, stride, padding)
                    .square()
                    .sum();
            loss = loss.plus(harness.step
                    .view(1)
                    .conv2d(kernel, stride, padding)
                    .times(3)
                    .sum());
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            harness.trained(loss).forEach((p, gradient) -> outputs.put(p.path(), gradient));
            assertThat(harness.detached()).isEqualTo(bfloat16 ? 1 : 0);
            Map<String, float[]> inputs = Map.of("view0", values(view, 1), "view1", values(view, 2));
            return harness.run(outputs, inputs);
        }
    }

    private static float[] values(Shape shape, long seed) {
        return Initializer.normal(1).draw(shape, seed);
    }

    @Test
    void largeImagesAndSinglePixels_stayWithTensorFlow() {
        try (Harness harness = Harness.reduced(Shape.of(2, 7, 7, IN))) {
            Branch online = harness.step.online();
            Tensor three = online.parameter("a", Shape.of(3, 3, IN, OUT), Parameter.Role.KERNEL, Initializer.ones());
            Tensor one = online.parameter("b", Shape.of(1, 1, OUT, OUT), Parameter.Role.KERNEL, Initializer.ones());
            Tensor y = harness.step.view(0).conv2d(three, 1, 1).conv2d(one, 2, 0);
            assertThat(harness.trained(y.sum())).hasSize(2);
            assertThat(harness.detached()).isZero();
        }
    }
}
