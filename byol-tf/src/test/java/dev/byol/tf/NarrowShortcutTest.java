package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels of one pixel that stride over few channels, as in the shortcuts of a narrow ResNet: TensorFlow's own gradient damages memory there. */
class NarrowShortcutTest {
    private static final int OUT = 7;

    @ParameterizedTest
    @CsvSource({"6, 6, 1, 2", "24, 24, 8, 2", "5, 7, 15, 2", "7, 8, 3, 3", "1, 1, 8, 2", "2, 3, 8, 4"})
    void kernelGradient_isTheSumOfProducts(int height, int width, int in, int stride) {
        Shape view = Shape.of(4, height, width, in);
        int h = (height - 1) / stride + 1;
        int w = (width - 1) / stride + 1;
        Shape output = Shape.of(4, h, w, OUT);
        try (Harness harness = Harness.training(view, output)) {
            Tensor kernel = harness.step
                    .online()
                    .parameter("kernel", Shape.of(1, 1, in, OUT), Parameter.Role.KERNEL, Initializer.normal(0.3));
            Tensor y = harness.step.view(0).conv2d(kernel, stride, 0);
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            harness.trained(y.times(harness.step.view(1)).sum()).forEach((p, g) -> outputs.put(p.path(), g));

            float[] weights = Initializer.normal(1).draw(output, 2);
            float[] x = Initializer.normal(1).draw(view, 1);
            float[] found =
                    harness.run(outputs, Map.of("view0", x, "view1", weights)).get("kernel");
            for (int c = 0; c < in; c++) {
                for (int o = 0; o < OUT; o++) {
                    double expected = 0;
                    for (int b = 0; b < 4; b++) {
                        for (int i = 0; i < h; i++) {
                            for (int j = 0; j < w; j++) {
                                int pixel = (b * height + i * stride) * width + j * stride;
                                expected += (double) x[pixel * in + c] * weights[((b * h + i) * w + j) * OUT + o];
                            }
                        }
                    }
                    assertThat((double) found[c * OUT + o]).isCloseTo(expected, within(1e-4));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"15, 1, 2, 2", "8, 1, 3, 2", "16, 1, 2, 0", "8, 1, 1, 0", "8, 3, 2, 0"})
    void channels_areFilledUpWhereTheyMustBe(int in, int size, int stride, int pads) {
        try (Harness harness = Harness.training(Shape.of(2, 7, 7, in))) {
            Tensor kernel = harness.step
                    .online()
                    .parameter("kernel", Shape.of(size, size, in, OUT), Parameter.Role.KERNEL, Initializer.ones());
            harness.trained(harness.step.view(0).conv2d(kernel, stride, 0).sum());
            assertThat(harness.count("PadV2")).isEqualTo(pads);
        }
    }
}
