package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Encoder;
import dev.byol.api.Initializer;
import dev.byol.api.Method;
import dev.byol.api.Network;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Step;
import dev.byol.api.Tensor;
import dev.byol.api.graph.StepGraph;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** TensorFlow's own operations within a step. */
class TfTest {
    /** The diagonal of a square matrix, which {@link Tensor} has no operation for. */
    private static Tensor diagonal(Tensor matrix) {
        Operand<TFloat32> diagonal = Tf.ops(matrix).linalg.tensorDiagPart(Tf.operand(matrix));
        return Tf.tensor(diagonal, matrix);
    }

    @Test
    void anOperation_thereAndBack_hasItsShapeValueAndGradient() {
        try (Harness harness = Harness.training()) {
            Tensor x = harness.step.input("x", Shape.of(3, 3));
            Tensor y = diagonal(x.times(2));
            assertThat(y.shape()).isEqualTo(Shape.of(3));
            Tensor dx = harness.gradient(y.square().sum(), x);
            Map<String, float[]> found =
                    harness.run(Map.of("y", y, "dx", dx), Map.of("x", new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}));
            assertThat(found.get("y")).containsExactly(2, 10, 18);
            assertThat(found.get("dx")).containsExactly(8, 0, 0, 0, 40, 0, 0, 0, 72);
        }
    }

    @Test
    void anUnknownDimension_staysUnknown() {
        try (Harness harness = Harness.inference(Shape.of(Shape.UNKNOWN, 4))) {
            Tensor x = harness.step.view(0);
            Tensor y = Tf.tensor(Tf.ops(x).math.tanh(Tf.operand(x)), x);
            assertThat(y.shape()).isEqualTo(Shape.of(Shape.UNKNOWN, 4));
            assertThat(harness.run(Map.of("y", y), Map.of("view0", new float[8]))
                            .get("y"))
                    .hasSize(8);
        }
    }

    /** An output of the engine has no depth of its own: what runs behind it must not be merged with what it waits for. */
    @Test
    void aConvolution_ofAnOperationOnItsOwnOutput_doesNotRecurse() {
        Shape images = Shape.of(2, 4, 4, 1);
        Shape shape = Shape.of(3, 3, 1, 1);
        Network net = (branch, x) -> {
            Parameter kernel = branch.parameter("kernel", shape, Role.KERNEL, Initializer.normal(0.2));
            return x.conv2d(kernel, 1, 1);
        };
        UnaryOperator<Tensor> abs = x -> Tf.tensor(Tf.ops(x).math.abs(Tf.operand(x)), x);
        try (Harness harness = Harness.training(images, images)) {
            Tensor once = net.apply(harness.step.online(), harness.step.view(0));
            Tensor other = net.apply(harness.step.online(), harness.step.view(1));
            Tensor twice = net.apply(harness.step.online(), abs.apply(once));
            float[] a = Initializer.normal(1).draw(images, 1);
            float[] b = Initializer.normal(1).draw(images, 2);
            Map<String, float[]> found =
                    harness.run(Map.of("twice", twice, "other", other), Map.of("view0", a, "view1", b));
            Array kernel = Array.of(shape, Initializer.normal(0.2).draw(shape, 1));
            Array expected =
                    Array.of(images, a).conv2d(kernel, 1, 1).map(Math::abs).conv2d(kernel, 1, 1);
            Torch.assertClose("twice", found.get("twice"), expected.floats());
            Torch.assertClose(
                    "other",
                    found.get("other"),
                    Array.of(images, b).conv2d(kernel, 1, 1).floats());
        }
    }

    /** The loss is the trace of {@code y · y'} with {@code y = w · x}: {@code w^2} times the sum of squares of the view. */
    private record Trace(UnaryOperator<Tensor> diagonal) implements Method {
        private static final Encoder ENCODER = Tiny::scaled;

        @Override
        public int views() {
            return 1;
        }

        @Override
        public Encoder encoder() {
            return ENCODER;
        }

        @Override
        public Tensor loss(Step step) {
            Tensor y = ENCODER.encode(step.online(), step.view(0)); // [B, 1]
            return diagonal.apply(y.matmul(y.transpose(1, 0))).sum();
        }
    }

    private static Trainer.Builder trace(UnaryOperator<Tensor> diagonal) {
        return Trainer.builder()
                .method(new Trace(diagonal))
                .optimizer(Tiny.descent(step -> 0.125))
                .images(Tiny.PIXEL)
                .batch(3);
    }

    @Test
    void aLoss_ofTensorFlowsOperations_trains() {
        try (Trainer trainer = trace(TfTest::diagonal).build()) {
            StepReport report = trainer.stepNormalized(new float[] {1, 2, -1});
            assertThat(report.loss()).isEqualTo(6);
            // d/dw of 6 w^2 at 1 is 12
            assertThat(trainer.values().get("online/encoder/w")).containsExactly(1 - 0.125f * 12);
        }
    }

    @Test
    void aLoss_ofAnOperationThatIsFlat_namesTheParameter() {
        UnaryOperator<Tensor> floor = x -> Tf.tensor(Tf.ops(x).math.floor(Tf.operand(x)), x);
        assertThatIllegalStateException()
                .isThrownBy(() -> trace(floor).build())
                .withMessageContainingAll("no gradient", "online/encoder/w [1]", "operations without a gradient");
    }

    @Test
    void aLoss_ofAnOperationWithoutGradient_namesTheOperation() {
        UnaryOperator<Tensor> diagonal = x -> {
            Ops tf = Tf.ops(x);
            return Tf.tensor(tf.linalg.matrixDiagPart(Tf.operand(x), tf.constant(0), tf.constant(0f)), x);
        };
        assertThatIllegalStateException()
                .isThrownBy(() -> trace(diagonal).build())
                .withMessageContainingAll("the loss has no gradient", "MatrixDiagPart");
    }

    @Test
    void withoutAnEngine_isAnError() {
        Tensor x = StepGraph.training(List.of(Shape.of(2, 2))).view(0);
        assertThatIllegalStateException()
                .isThrownBy(() -> Tf.operand(x))
                .withMessageContainingAll("without an engine", "[2, 2]");
        assertThatIllegalStateException().isThrownBy(() -> Tf.ops(x)).withMessageContaining("without an engine");
    }

    @Test
    void anotherTypeOfEngine_isAnError() {
        try (Harness harness = Harness.training(Shape.of(2))) {
            Tensor x = harness.gradient(harness.step.view(0).sum(), harness.step.view(0));
            assertThatIllegalStateException()
                    .isThrownBy(() -> x.unwrap(String.class))
                    .withMessageContaining("no java.lang.String");
        }
    }

    @Test
    void aTensor_needsARankAndAStep() {
        try (Graph graph = new Graph()) {
            Placeholder<TFloat32> unknown = Ops.create(graph).placeholder(TFloat32.class);
            Tensor like = StepGraph.training(List.of(Shape.of(2))).view(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tf.tensor(unknown, like))
                    .withMessageContaining("reshape it first");
        }
    }
}
