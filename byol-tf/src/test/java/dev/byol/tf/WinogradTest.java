package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** Against TensorFlow's convolution, forward and backward. */
class WinogradTest {
    private static final double CLOSE = 3e-5; // of the largest value

    @ParameterizedTest
    @CsvSource({
        "2, 3, 3, 5, 7",
        "3, 6, 6, 4, 4",
        "1, 12, 12, 3, 2",
        "2, 7, 7, 3, 5",
        "1, 14, 14, 2, 2",
        "2, 6, 12, 3, 4",
        "2, 4, 9, 3, 4",
        "2, 1, 1, 3, 2",
        "1, 1, 5, 1, 1",
        "3, 2, 2, 2, 3"
    })
    void convolve_asTensorFlows(int batch, int height, int width, int in, int out) {
        Shape images = Shape.of(batch, height, width, in);
        Shape kernel = Shape.of(3, 3, in, out);
        float[][] fast = OneConvolution.run(
                images, kernel, (tf, x, k) -> cast(Winograd.convolve(tf, number(x), images, number(k), kernel)));
        float[][] plain =
                OneConvolution.run(images, kernel, (tf, x, k) -> tf.nn.conv2d(x, k, List.of(1L, 1L, 1L, 1L), "SAME"));
        OneConvolution.requireClose(plain, fast, CLOSE);
    }

    @SuppressWarnings("unchecked")
    private static Operand<TNumber> number(Operand<?> operand) {
        return (Operand<TNumber>) operand;
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloat32> cast(Operand<?> operand) {
        return (Operand<TFloat32>) operand;
    }

    @ParameterizedTest
    @CsvSource({
        "true, 64, 3, 3, 512, 512, 1, 1",
        "true, 64, 12, 12, 128, 128, 1, 1",
        "true, 8, 14, 14, 256, 128, 1, 1",
        "false, 64, 15, 15, 128, 128, 1, 1",
        "false, 64, 12, 12, 64, 128, 1, 1",
        "false, 64, 12, 12, 128, 64, 1, 1",
        "false, 64, 12, 12, 128, 128, 2, 1",
        "false, 64, 12, 12, 128, 128, 1, 0",
        "false, 1, 3, 3, 512, 512, 1, 1",
        "false, -1, 3, 3, 512, 512, 1, 1"
    })
    void suits_smallImagesOfManyChannels(
            boolean suits, int batch, int height, int width, int in, int out, int stride, int padding) {
        Shape images = Shape.of(batch, height, width, in);
        assertThat(Winograd.suits(new Op.Conv2d(stride, padding), images, Shape.of(3, 3, in, out)))
                .isEqualTo(suits);
    }

    /** Two views of 8 images, joined: the lowering takes this way in training, and every value is that of the convolution. */
    @Test
    void lowering_ofJoinedViews() {
        Shape view = Shape.of(8, 6, 6, 128);
        Shape shape = Shape.of(3, 3, 128, 128);
        float[] first = Initializer.normal(1).draw(view, 1);
        float[] second = Initializer.normal(1).draw(view, 2);
        float[] kernel = Initializer.normal(1).draw(shape, 3);
        try (Harness harness = Harness.training(view, view)) {
            Parameter k =
                    harness.step.online().parameter("kernel", shape, Parameter.Role.KERNEL, Initializer.normal(1));
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("first", harness.step.view(0).conv2d(k, 1, 1));
            outputs.put("second", harness.step.view(1).conv2d(k, 1, 1));
            Map<String, float[]> found =
                    harness.set("online/kernel", kernel).run(outputs, Map.of("view0", first, "view1", second));
            assertThat(harness.count("Conv2D")).isZero();
            for (int at : new int[] {0, 127, 128 * 7 + 3, view.size() - 1, view.size() / 2 + 77}) {
                assertThat((double) found.get("first")[at]).isCloseTo(at(view, first, kernel, at), within(1e-3));
                assertThat((double) found.get("second")[at]).isCloseTo(at(view, second, kernel, at), within(1e-3));
            }
        }
    }

    /** Its matrices are of float32, and its points lose more digits than bfloat16 has to spare. */
    @Test
    void lowering_inReducedPrecision_isThePlainConvolution() {
        Shape view = Shape.of(8, 6, 6, 128);
        Shape shape = Shape.of(3, 3, 128, 128);
        float[] x = Initializer.normal(1).draw(view, 1);
        float[] kernel = Initializer.normal(1).draw(shape, 3);
        assertThat(Winograd.suits(new Op.Conv2d(1, 1), view.with(0, 16), shape)).isTrue();
        try (Harness harness = Harness.reduced(view, view)) {
            Parameter k =
                    harness.step.online().parameter("kernel", shape, Parameter.Role.KERNEL, Initializer.normal(1));
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("first", harness.step.view(0).conv2d(k, 1, 1));
            outputs.put("second", harness.step.view(1).conv2d(k, 1, 1));
            Map<String, float[]> found =
                    harness.set("online/kernel", kernel).run(outputs, Map.of("view0", x, "view1", x));
            assertThat(harness.count("Conv2D")).isEqualTo(1);
            for (int at : new int[] {0, 127, view.size() - 1}) { // sums of about 1,000 products, some 30 in size
                assertThat((double) found.get("second")[at]).isCloseTo(at(view, x, kernel, at), within(1.0));
            }
        }
    }

    /** One value of the convolution, from its definition. */
    private static double at(Shape view, float[] x, float[] kernel, int index) {
        int channels = view.dimension(3);
        int c = index % channels;
        int column = index / channels % view.dimension(2);
        int row = index / channels / view.dimension(2) % view.dimension(1);
        int image = index / channels / view.dimension(2) / view.dimension(1);
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                int h = row + i - 1;
                int w = column + j - 1;
                for (int d = 0; d < channels; d++) {
                    if (h >= 0 && h < view.dimension(1) && w >= 0 && w < view.dimension(2)) {
                        sum += (double) x[((image * view.dimension(1) + h) * view.dimension(2) + w) * channels + d]
                                * kernel[((i * 3 + j) * channels + d) * channels + c];
                    }
                }
            }
        }
        return sum;
    }

    @Test
    void suits_noOtherKernels() {
        Shape images = Shape.of(64, 6, 6, 256);
        assertThat(Winograd.suits(new Op.Conv2d(1, 1), images, Shape.of(1, 3, 256, 256)))
                .isFalse();
        assertThat(Winograd.suits(new Op.Conv2d(1, 1), images, Shape.of(3, 5, 256, 256)))
                .isFalse();
    }
}
