package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
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

    /** Two views of 16 images, joined: training takes this way, and a kernel that is a parameter itself has its gradient. */
    @Test
    void lowering_ofJoinedViews() {
        Shape view = Shape.of(16, 6, 6, 128);
        Shape shape = Shape.of(3, 3, 128, 128);
        Map<String, float[]> inputs = Map.of(
                "view0", Initializer.normal(1).draw(view, 1),
                "view1", Initializer.normal(1).draw(view, 2));
        float[] kernel = Initializer.normal(1).draw(shape, 3);
        float[][] found = new float[2][];
        for (boolean joined : new boolean[] {true, false}) {
            try (Harness harness = joined ? Harness.training(view, view) : Harness.training(view)) {
                Parameter k =
                        harness.step.online().parameter("kernel", shape, Parameter.Role.KERNEL, Initializer.normal(1));
                Tensor loss = harness.step.view(0).conv2d(k, 2, 1).square().sum();
                Tensor all =
                        joined ? loss.plus(harness.step.view(1).conv2d(k, 2, 1).sum()) : loss;
                Map<String, Tensor> outputs = new LinkedHashMap<>();
                outputs.put("loss", loss);
                harness.trained(all).forEach((p, gradient) -> outputs.put(p.path(), gradient));
                assertThat(harness.detached()).isEqualTo(joined ? 1 : 0);
                assertThat(harness.count("Conv2D")).isEqualTo(joined ? 0 : 1);
                Map<String, float[]> values =
                        harness.set("online/kernel", kernel).run(outputs, inputs);
                found[joined ? 0 : 1] = values.get("loss");
                assertThat(values).containsKey("kernel");
            }
        }
        OneConvolution.requireClose(new float[][] {found[1]}, new float[][] {found[0]}, FLOAT32);
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
