package dev.byol.api.graph;

import static dev.byol.api.Shape.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeTest {
    private final StepGraph graph = StepGraph.training(List.of());

    private Tensor tensor(int... dimensions) {
        return graph.external(Shape.of(dimensions), "a test's");
    }

    static List<Arguments> binaries() {
        return List.of(
                binary(Op.Pointwise.PLUS, Tensor::plus, x -> x.plus(3)),
                binary(Op.Pointwise.MINUS, Tensor::minus, x -> x.minus(x)),
                binary(Op.Pointwise.TIMES, Tensor::times, x -> x.times(3)),
                binary(Op.Pointwise.DIVIDED_BY, Tensor::dividedBy, x -> x.dividedBy(3)),
                binary(Op.Pointwise.MAXIMUM, Tensor::maximum, x -> x.maximum(3)),
                binary(Op.Pointwise.MINIMUM, Tensor::minimum, x -> x.minimum(3)));
    }

    private static Arguments binary(Op op, BinaryOperator<Tensor> two, UnaryOperator<Tensor> constant) {
        return Arguments.of(op, two, constant);
    }

    @ParameterizedTest
    @MethodSource("binaries")
    void binary_broadcasts_orNamesBothShapes(Op op, BinaryOperator<Tensor> two, UnaryOperator<Tensor> constant) {
        Tensor a = tensor(4, 3);
        Tensor b = tensor(3);
        Node both = (Node) two.apply(a, b);
        assertThat(both.op()).isEqualTo(op);
        assertThat(both.inputs()).containsExactly((Node) a, (Node) b);
        assertThat(both.shape()).isEqualTo(Shape.of(4, 3));
        assertThat(((Node) constant.apply(a)).op()).isEqualTo(op);
        assertThat(constant.apply(a).shape()).isEqualTo(Shape.of(4, 3));
        refused(() -> two.apply(a, tensor(4)), "shapes [4, 3] and [4] do not fit element by element");
    }

    @Test
    void constants_areScalarInputs() {
        Node sum = (Node) tensor(2).minus(1.5);
        assertThat(sum.op()).isEqualTo(Op.Pointwise.PLUS);
        assertThat(sum.input(1).op()).isEqualTo(new Op.Constant(-1.5));
        assertThat(sum.input(1).shape()).isEqualTo(Shape.scalar());
    }

    static List<Arguments> unaries() {
        return List.of(
                unary(Op.Pointwise.NEGATE, Tensor::negate),
                unary(Op.Pointwise.SQUARE, Tensor::square),
                unary(Op.Pointwise.SQRT, Tensor::sqrt),
                unary(Op.Pointwise.EXP, Tensor::exp),
                unary(Op.Pointwise.LOG, Tensor::log),
                unary(Op.Pointwise.RELU, Tensor::relu),
                unary(Op.Pointwise.SOFTMAX, Tensor::softmax),
                unary(Op.Pointwise.LOG_SOFTMAX, Tensor::logSoftmax),
                unary(Op.Plain.STOP_GRADIENT, Tensor::stopGradient));
    }

    private static Arguments unary(Op op, UnaryOperator<Tensor> operation) {
        return Arguments.of(op, operation);
    }

    @ParameterizedTest
    @MethodSource("unaries")
    void unary_keepsTheShape(Op op, UnaryOperator<Tensor> operation) {
        Tensor x = tensor(UNKNOWN, 3);
        Node y = (Node) operation.apply(x);
        assertThat(y.op()).isEqualTo(op);
        assertThat(y.shape()).isEqualTo(x.shape());
        assertThat(y.inputs()).containsExactly((Node) x);
    }

    @Test
    void softmax_needsAnAxis() {
        refused(() -> tensor().softmax(), "shape [] has no axis -1");
        refused(() -> tensor().logSoftmax(), "shape [] has no axis -1");
    }

    @Test
    void wherePositive_broadcastsTheThree() {
        Node choice = (Node) tensor(4, 1).wherePositive(tensor(3), tensor());
        assertThat(choice.shape()).isEqualTo(Shape.of(4, 3));
        assertThat(choice.op()).isEqualTo(Op.Pointwise.WHERE_POSITIVE);
        refused(
                () -> tensor(4, 3).wherePositive(tensor(3), tensor(2)),
                "shapes [4, 3] and [2] do not fit element by element");
    }

    @Test
    void matmul_contractsTheInnerDimension() {
        assertThat(tensor(2, 3).matmul(tensor(3, 5)).shape()).isEqualTo(Shape.of(2, 5));
        assertThat(tensor(UNKNOWN, 3).matmul(tensor(3, 5)).shape()).isEqualTo(Shape.of(UNKNOWN, 5));
        assertThat(tensor(2, UNKNOWN).matmul(tensor(3, 5)).shape()).isEqualTo(Shape.of(2, 5));
        refused(
                () -> tensor(2, 3).matmul(tensor(4, 5)),
                "a matrix product needs [n, k] and [k, m], got [2, 3] and [4, 5]");
        refused(() -> tensor(2, 3).matmul(tensor(3)), "a matrix product needs [n, k] and [k, m], got [2, 3] and [3]");
        refused(
                () -> tensor(1, 2, 3).matmul(tensor(3, 5)),
                "a matrix product needs [n, k] and [k, m], got [1, 2, 3] and [3, 5]");
    }

    @Test
    void reductions_keepTheirAxesAsOne_orGiveAScalar() {
        assertThat(tensor(2, 3, 4).sum().shape()).isEqualTo(Shape.scalar());
        assertThat(tensor(2, 3, 4).mean(1).shape()).isEqualTo(Shape.of(2, 1, 4));
        assertThat(tensor(2, 3, 4).sum(-1, 0).shape()).isEqualTo(Shape.of(1, 3, 1));
        assertThat(tensor(UNKNOWN, 3).mean(0).shape()).isEqualTo(Shape.of(1, 3));
        assertThat(((Node) tensor(2, 3).mean(-1)).op()).isEqualTo(new Op.Reduce(true, List.of(1), true));
        assertThat(((Node) tensor(2, 3).sum()).op()).isEqualTo(new Op.Reduce(false, List.of(0, 1), false));
        assertThat(tensor().mean().shape()).isEqualTo(Shape.scalar());
        refused(() -> tensor(2, 3).sum(2), "shape [2, 3] has no axis 2");
        refused(() -> tensor(2, 3).mean(1, -1), "each axis of [2, 3] can be reduced once, got [1, -1]");
    }

    @Test
    void reshape_keepsTheElements() {
        assertThat(tensor(2, 6).reshape(Shape.of(3, 4)).shape()).isEqualTo(Shape.of(3, 4));
        assertThat(tensor(1, 1).reshape(Shape.scalar()).shape()).isEqualTo(Shape.scalar());
        assertThat(tensor(UNKNOWN, 6).reshape(Shape.of(UNKNOWN, 2, 3)).shape()).isEqualTo(Shape.of(UNKNOWN, 2, 3));
        refused(() -> tensor(2, 6).reshape(Shape.of(5)), "shape [2, 6] cannot become [5]");
        refused(() -> tensor(2, 6).reshape(Shape.of(UNKNOWN, UNKNOWN)), "shape [2, 6] cannot become [-1, -1]");
    }

    @Test
    void reshape_findsTheUnknownDimension_orNamesBothShapes() {
        assertThat(tensor(2, 6).reshape(Shape.of(UNKNOWN, 4)).shape()).isEqualTo(Shape.of(3, 4));
        assertThat(tensor(2, 6).reshape(Shape.of(UNKNOWN)).shape()).isEqualTo(Shape.of(12));
        refused(() -> tensor(2, 6).reshape(Shape.of(UNKNOWN, 5)), "shape [2, 6] cannot become [-1, 5]");
        refused(() -> tensor(2, 6).reshape(Shape.of(UNKNOWN, 0)), "shape [2, 6] cannot become [-1, 0]");
    }

    @Test
    void transpose_reordersAxes() {
        Node turned = (Node) tensor(2, 3, 4).transpose(2, 0, 1);
        assertThat(turned.shape()).isEqualTo(Shape.of(4, 2, 3));
        assertThat(turned.op()).isEqualTo(new Op.Transpose(List.of(2, 0, 1)));
        refused(() -> tensor(2, 3).transpose(0, 0), "the order must name each axis of [2, 3] once, got [0, 0]");
        refused(() -> tensor(2, 3).transpose(1), "the order must name each axis of [2, 3] once, got [1]");
    }

    @Test
    void concat_addsAlongOneAxis() {
        assertThat(tensor(2, 3).concat(0, tensor(5, 3)).shape()).isEqualTo(Shape.of(7, 3));
        assertThat(tensor(2, 3).concat(-1, tensor(2, 1)).shape()).isEqualTo(Shape.of(2, 4));
        assertThat(tensor(UNKNOWN, 3).concat(0, tensor(5, 3)).shape()).isEqualTo(Shape.of(UNKNOWN, 3));
        refused(() -> tensor(2, 3).concat(0, tensor(2, 4)), "shapes [2, 3] and [2, 4] cannot be joined along axis 0");
        refused(() -> tensor(2, 3).concat(0, tensor(3)), "shapes [2, 3] and [3] cannot be joined along axis 0");
    }

    @Test
    void slice_takesARange() {
        assertThat(tensor(5, 3).slice(0, 1, 4).shape()).isEqualTo(Shape.of(3, 3));
        assertThat(tensor(5, 3).slice(-1, 2, 3).shape()).isEqualTo(Shape.of(5, 1));
        assertThat(tensor(UNKNOWN, 3).slice(0, 0, 2).shape()).isEqualTo(Shape.of(2, 3));
        refused(() -> tensor(5, 3).slice(0, 1, 6), "axis 0 of [5, 3] has no range 1 to 6");
        refused(() -> tensor(5, 3).slice(0, -1, 2), "axis 0 of [5, 3] has no range -1 to 2");
        refused(() -> tensor(5, 3).slice(0, 2, 2), "axis 0 of [5, 3] has no range 2 to 2");
    }

    @Test
    void pad_addsOnBothSides() {
        int[] before = {0, 2};
        int[] after = {1, 0};
        assertThat(tensor(5, 3).pad(before, after).shape()).isEqualTo(Shape.of(6, 5));
        assertThat(tensor(UNKNOWN, 3).pad(before, after).shape()).isEqualTo(Shape.of(UNKNOWN, 5));
        refused(() -> tensor(5).pad(before, after), "padding of [5] needs 1 entries before and after, got 2 and 2");
        refused(
                () -> tensor(5, 3).pad(before, new int[] {0, -1}),
                "padding must be at least 0, got [0, 2] and [0, -1]");
    }

    @Test
    void conv2d_hasPyTorchsGeometry() {
        // floor((size + 2 padding - kernel) / stride) + 1
        assertThat(tensor(2, 96, 96, 3).conv2d(tensor(7, 7, 3, 64), 2, 3).shape())
                .isEqualTo(Shape.of(2, 48, 48, 64));
        assertThat(tensor(2, 7, 10, 3).conv2d(tensor(3, 3, 3, 8), 2, 1).shape()).isEqualTo(Shape.of(2, 4, 5, 8));
        assertThat(tensor(2, 6, 6, 3).conv2d(tensor(1, 1, 3, 8), 2, 0).shape()).isEqualTo(Shape.of(2, 3, 3, 8));
        assertThat(tensor(2, 5, 9, 3).conv2d(tensor(3, 1, 3, 4), 1, 0).shape()).isEqualTo(Shape.of(2, 3, 9, 4));
        assertThat(tensor(UNKNOWN, 1, 1, 3).conv2d(tensor(3, 3, 3, 8), 1, 1).shape())
                .isEqualTo(Shape.of(UNKNOWN, 1, 1, 8));
        assertThat(((Node) tensor(1, 4, 4, 1).conv2d(tensor(3, 3, 1, 1), 2, 1)).op())
                .isEqualTo(new Op.Conv2d(2, 1));
    }

    @Test
    void conv2d_thatDoesNotFit_namesBothShapes() {
        refused(
                () -> tensor(2, 8, 8, 3).conv2d(tensor(3, 3, 4, 8), 1, 1),
                "a convolution needs images [B, H, W, C] and a kernel [h, w, C, out],"
                        + " got [2, 8, 8, 3] and [3, 3, 4, 8]");
        refused(
                () -> tensor(2, 8, 3).conv2d(tensor(3, 3, 3, 8), 1, 1),
                "a convolution needs images [B, H, W, C] and a kernel [h, w, C, out],"
                        + " got [2, 8, 3] and [3, 3, 3, 8]");
        refused(
                () -> tensor(2, 2, 8, 3).conv2d(tensor(3, 3, 3, 8), 1, 0),
                "images [2, 2, 8, 3] are smaller than a window of 3x3 with padding 0");
        refused(
                () -> tensor(2, 8, 8, 3).conv2d(tensor(3, 3, 3, 8), 0, 1),
                "stride must be at least 1 and padding at least 0, got 0 and 1");
        refused(
                () -> tensor(2, 8, 8, 3).conv2d(tensor(3, 3, 3, 8), 1, -1),
                "stride must be at least 1 and padding at least 0, got 1 and -1");
    }

    @Test
    void maxPool_hasPyTorchsGeometry() {
        assertThat(tensor(2, 48, 47, 8).maxPool(3, 2, 1).shape()).isEqualTo(Shape.of(2, 24, 24, 8));
        assertThat(tensor(2, 1, 1, 8).maxPool(3, 2, 1).shape()).isEqualTo(Shape.of(2, 1, 1, 8));
        assertThat(((Node) tensor(2, 4, 4, 8).maxPool(2, 2, 0)).op()).isEqualTo(new Op.MaxPool(2, 2, 0));
        refused(() -> tensor(4, 4, 8).maxPool(2, 2, 0), "a pooling needs images [B, H, W, C], got [4, 4, 8]");
        refused(() -> tensor(2, 4, 4, 8).maxPool(3, 2, 2), "padding must be at most half the size 3, got 2");
        refused(() -> tensor(2, 4, 4, 8).maxPool(0, 1, 0), "size must be at least 1, got 0");
        refused(
                () -> tensor(2, 2, 2, 8).maxPool(3, 1, 0),
                "images [2, 2, 2, 8] are smaller than a window of 3x3 with padding 0");
    }

    @Test
    void globalAveragePool_leavesBatchAndChannels() {
        assertThat(tensor(UNKNOWN, 3, 4, 8).globalAveragePool().shape()).isEqualTo(Shape.of(UNKNOWN, 8));
        assertThat(tensor(1, 1, 1, 8).globalAveragePool().shape()).isEqualTo(Shape.of(1, 8));
    }

    @Test
    void l2Normalize_norm_haveTheirShapes() {
        assertThat(tensor(4, 3).l2Normalize(1).shape()).isEqualTo(Shape.of(4, 3));
        assertThat(tensor(4, 3).norm().shape()).isEqualTo(Shape.scalar());
    }

    @Test
    void depth_isTheLongestChain() {
        Node x = (Node) tensor(2);
        Node y = (Node) x.square().plus(x);
        assertThat(x.depth()).isEqualTo(1);
        assertThat(y.depth()).isEqualTo(3);
        assertThat(graph.nodes()).containsSubsequence(x, y.input(0), y);
    }

    @Test
    void tensors_ofAnotherStep_areRefused() {
        Tensor foreign = StepGraph.training(List.of()).external(Shape.of(2), "another step's");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tensor(2).plus(foreign))
                .withMessageContaining("a tensor of another step");
    }

    @Test
    void unwrap_needsAnEngine() {
        Tensor x = tensor(2);
        assertThatIllegalStateException()
                .isThrownBy(() -> x.unwrap(String.class))
                .withMessageContaining("without an engine")
                .withMessageContaining("java.lang.String");
        graph.attach(new StepGraph.Engine() {
            @Override
            public <E> E unwrap(Node node, Class<E> type) {
                return type.cast("value of " + node.shape());
            }
        });
        assertThat(x.unwrap(String.class)).isEqualTo("value of [2]");
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
