package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/** Against TensorFlow's convolution of padded images, forward and backward. */
class PixelProductsTest {
    private static final double FLOAT32 = 1e-6; // of the largest value
    private static final float[] VIEW = Initializer.normal(1).draw(Shape.of(16, 6, 6, 128), 1);
    private static final float[] VIEW_2 = Initializer.normal(1).draw(Shape.of(16, 6, 6, 128), 2);
    private static final double BFLOAT16 = 0.02; // which has 8 bits

    @ParameterizedTest
    @CsvSource({
        "2, 3, 3, 3, 3, 5, 7, 1, 1",
        "3, 4, 4, 3, 3, 4, 4, 1, 1",
        "1, 1, 1, 3, 3, 3, 2, 1, 1",
        "2, 2, 5, 3, 3, 3, 5, 1, 1",
        "2, 6, 6, 3, 3, 5, 4, 2, 1",
        "2, 5, 6, 3, 3, 5, 4, 2, 1",
        "3, 7, 8, 3, 3, 2, 3, 3, 1",
        "2, 4, 4, 3, 3, 2, 3, 1, 0",
        "2, 3, 3, 2, 2, 4, 3, 1, 1",
        "2, 3, 4, 5, 3, 4, 3, 1, 2",
        "1, 3, 3, 1, 3, 1, 1, 1, 0",
        "2, 4, 4, 1, 1, 3, 2, 2, 0"
    })
    void convolve_asTensorFlows(
            int batch, int height, int width, int h, int w, int in, int out, int stride, int padding) {
        Op.Conv2d op = new Op.Conv2d(stride, padding);
        Shape images = Shape.of(batch, height, width, in);
        Shape kernel = Shape.of(h, w, in, out);
        float[][] plain = OneConvolution.run(images, kernel, (tf, x, k) -> padded(tf, op, x, k));
        float[][] full = OneConvolution.run(
                images, kernel, (tf, x, k) -> products(tf, op, x, images, k, kernel, TFloat32.class));
        float[][] reduced = OneConvolution.run(
                images, kernel, (tf, x, k) -> products(tf, op, x, images, k, kernel, TBfloat16.class));
        OneConvolution.requireClose(plain, full, FLOAT32);
        OneConvolution.requireClose(plain, reduced, BFLOAT16);
    }

    private static Operand<TFloat32> products(
            Ops tf,
            Op.Conv2d op,
            Operand<TFloat32> x,
            Shape images,
            Operand<TFloat32> k,
            Shape kernel,
            Class<? extends TNumber> type) {
        Operand<TNumber> y = PixelProducts.convolve(
                tf, op, number(tf.dtypes.cast(x, type)), images, number(tf.dtypes.cast(k, type)), kernel);
        return tf.dtypes.cast(y, TFloat32.class);
    }

    private static Operand<TFloat32> padded(Ops tf, Op.Conv2d op, Operand<TFloat32> x, Operand<TFloat32> k) {
        int[][] around = {{0, 0}, {op.padding(), op.padding()}, {op.padding(), op.padding()}, {0, 0}};
        long stride = op.stride();
        return tf.nn.conv2d(
                tf.pad(x, tf.constant(around), tf.constant(0f)), k, List.of(1L, stride, stride, 1L), "VALID");
    }

    @SuppressWarnings("unchecked")
    private static Operand<TNumber> number(Operand<?> operand) {
        return (Operand<TNumber>) operand;
    }

    @ParameterizedTest
    @CsvSource({
        "true, 64, 3, 3, 3, 512, 512, 1, 1",
        "true, 64, 6, 6, 3, 256, 512, 2, 1",
        "true, 32, 4, 4, 3, 128, 128, 1, 1",
        "true, 32, 2, 8, 3, 128, 128, 1, 1",
        "true, 32, 1, 1, 3, 128, 128, 1, 1",
        "false, 64, 5, 5, 3, 512, 512, 1, 1",
        "false, 64, 3, 3, 1, 512, 512, 1, 0",
        "false, 64, 3, 3, 3, 127, 512, 1, 1",
        "false, 64, 3, 3, 3, 512, 127, 1, 1",
        "false, 31, 3, 3, 3, 512, 512, 1, 1",
        "false, -1, 3, 3, 3, 512, 512, 1, 1",
        "false, 64, 1, 1, 3, 512, 512, 1, 3"
    })
    void suits_fewPixelsOfManyChannels(
            boolean suits, int batch, int height, int width, int side, int in, int out, int stride, int padding) {
        Shape images = Shape.of(batch, height, width, in);
        assertThat(PixelProducts.suits(new Op.Conv2d(stride, padding), images, Shape.of(side, side, in, out)))
                .isEqualTo(suits);
    }

    /** Two views of 16 images, joined, are as many as it takes: training goes this way, and each view alone does not. */
    @Test
    void lowering_ofJoinedViews() {
        Map<String, float[]> joined = trained(VIEW, VIEW_2);
        Map<String, float[]> first = trained(VIEW);
        Map<String, float[]> second = trained(VIEW_2);
        for (String name : List.of("loss", "kernel")) {
            float[] sum = first.get(name).clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += second.get(name)[i];
            }
            OneConvolution.requireClose(new float[][] {sum}, new float[][] {joined.get(name)}, FLOAT32);
        }
    }

    /** The sum of the squares of what a convolution makes of views, and the gradient of its kernel, which is a parameter itself. */
    private static Map<String, float[]> trained(float[]... views) {
        Shape[] shapes = new Shape[views.length];
        Arrays.fill(shapes, Shape.of(16, 6, 6, 128));
        try (Harness harness = Harness.training(shapes)) {
            Shape shape = Shape.of(3, 3, 128, 128);
            Parameter k =
                    harness.step.online().parameter("kernel", shape, Parameter.Role.KERNEL, Initializer.normal(1));
            Map<String, float[]> inputs = new LinkedHashMap<>();
            List<Tensor> losses = new ArrayList<>();
            for (int i = 0; i < views.length; i++) {
                inputs.put("view" + i, views[i]);
                losses.add(harness.step.view(i).conv2d(k, 2, 1).square().sum());
            }
            Tensor loss = losses.stream().reduce(Tensor::plus).orElseThrow();
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            harness.trained(loss).forEach((p, gradient) -> outputs.put(p.path(), gradient));
            outputs.put("loss", loss);
            assertThat(harness.detached()).isEqualTo(views.length - 1);
            assertThat(harness.count("Conv2D")).isEqualTo(2 - views.length);
            return harness.set("online/kernel", Initializer.normal(1).draw(shape, 3))
                    .run(outputs, inputs);
        }
    }

    @Test
    void lowering_forAGpu_isThePlainConvolution() {
        Shape images = Shape.of(32, 3, 3, 128);
        Shape shape = Shape.of(3, 3, 128, 128);
        for (Precision precision : Precision.values()) {
            try (Graph graph = new Graph()) {
                Ops tf = Ops.create(graph);
                StepGraph step = StepGraph.training(List.of(images));
                Lowering lowering = new Lowering(
                        tf,
                        step,
                        node -> tf.placeholder(TFloat32.class, Placeholder.shape(Tf.shape(node.shape()))),
                        precision,
                        ChosenDevice.gpu(0, "for a test"));
                Parameter k = step.online().parameter("kernel", shape, Parameter.Role.KERNEL, Initializer.normal(1));
                Tensor y = step.view(0).conv2d(k, 1, 1);
                assertThat(lowering.float32((dev.byol.api.graph.Node) y).shape().get(3))
                        .isEqualTo(128);
                assertThat(lowering.detached()).isEmpty();
                assertThat(graph.operation("Conv2d")).isNotNull();
            }
        }
    }
}
