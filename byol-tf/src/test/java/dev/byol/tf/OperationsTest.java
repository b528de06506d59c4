package dev.byol.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.byol.api.BatchNorm;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation of {@link Tensor} on the engine: its value against a closed form in double precision, its gradient against
 * central differences of that form.
 */
class OperationsTest {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 1e-5;

    @FunctionalInterface
    private interface Operation {
        Tensor apply(Branch branch, List<Tensor> in);
    }

    /** Inputs are parameters by name, so that {@link Branch#batchNorm} finds its own among them. */
    private record Case(
            String name,
            Map<String, Array> inputs,
            List<String> varied,
            Operation operation,
            Function<List<Array>, Array> expected) {
        static Case of(Operation operation, Function<List<Array>, Array> expected, String name, Array... inputs) {
            Map<String, Array> named = new LinkedHashMap<>();
            for (Array input : inputs) {
                named.put("x" + named.size(), input);
            }
            return new Case(name, named, List.copyOf(named.keySet()), operation, expected);
        }

        /** The same with gradients to some inputs only. */
        Case varying(String... inputs) {
            return new Case(name, this.inputs, List.of(inputs), operation, expected);
        }

        DynamicTest test() {
            String shapes = String.join(
                    ", ", inputs.values().stream().map(x -> x.shape.toString()).toList());
            return DynamicTest.dynamicTest(name + " of " + shapes, this::check);
        }

        private void check() {
            try (Harness harness = Harness.training()) {
                Branch branch = harness.step.online();
                Map<String, Tensor> leaves = new LinkedHashMap<>();
                inputs.forEach((key, value) -> {
                    leaves.put(key, branch.parameter(key, value.shape, role(key), Initializer.zeros()));
                    harness.set("online/" + key, value.floats());
                });
                Tensor y = operation.apply(branch, List.copyOf(leaves.values()));
                Array value = expected.apply(List.copyOf(inputs.values()));
                assertThat(y.shape()).isEqualTo(value.shape);
                Array weights = Array.distinct(7, y.shape().dimensions()).map(w -> w / 4);
                Tensor scalar =
                        y.times(harness.step.input("weights", y.shape())).sum();
                Map<String, Tensor> outputs = new LinkedHashMap<>();
                outputs.put("y", y);
                varied.forEach(key -> outputs.put("d" + key, harness.gradient(scalar, leaves.get(key))));
                Map<String, float[]> found = harness.run(outputs, Map.of("weights", weights.floats()));
                assertClose("y", found.get("y"), value.values);
                varied.forEach(key -> assertClose("d" + key, found.get("d" + key), differences(key, weights)));
            }
        }

        private double[] differences(String key, Array weights) {
            Map<String, Array> moved = new LinkedHashMap<>(inputs);
            double[] gradient = new double[inputs.get(key).values.length];
            for (int i = 0; i < gradient.length; i++) {
                for (int sign : new int[] {1, -1}) {
                    double[] values = inputs.get(key).values.clone();
                    values[i] += sign * STEP;
                    moved.put(key, Array.of(inputs.get(key).shape, values));
                    Array y = expected.apply(List.copyOf(moved.values()));
                    gradient[i] += sign * y.times(weights).sum() / (2 * STEP);
                }
            }
            return gradient;
        }

        private static Role role(String key) {
            return switch (key) {
                case "scale" -> Role.NORM_SCALE;
                case "offset" -> Role.NORM_OFFSET;
                default -> Role.KERNEL;
            };
        }
    }

    private static void assertClose(String what, float[] found, double... expected) {
        assertThat(found).as(what).hasSameSizeAs(expected);
        double largest = 1;
        for (double e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).as("%s at %d", what, i).isCloseTo(expected[i], within(TOLERANCE * largest));
        }
    }

    @TestFactory
    Stream<DynamicTest> binary_broadcasts() {
        List<Case> cases = new ArrayList<>();
        binary(cases, "plus", Tensor::plus, Double::sum);
        binary(cases, "minus", Tensor::minus, (a, b) -> a - b);
        binary(cases, "times", Tensor::times, (a, b) -> a * b);
        binary(cases, "dividedBy", Tensor::dividedBy, (a, b) -> a / b);
        binary(cases, "maximum", Tensor::maximum, Math::max);
        binary(cases, "minimum", Tensor::minimum, Math::min);
        return cases.stream().map(Case::test);
    }

    private static void binary(
            List<Case> cases, String name, BinaryOperator<Tensor> operation, DoubleBinaryOperator expected) {
        int[][][] shapes = {
            {{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{3}, {2, 3}}, {{2, 1}, {1, 3}}, {{4}, {}}, {{}, {}}, {{2, 1, 3}, {4, 1}}
        };
        for (int[][] pair : shapes) {
            // Shifted: no element is near one of the other input.
            Array b = Array.distinct(2, pair[1]).map(v -> v + 0.03125);
            cases.add(Case.of(
                    (branch, in) -> operation.apply(in.get(0), in.get(1)),
                    in -> in.get(0).zip(in.get(1), expected),
                    name,
                    Array.distinct(1, pair[0]),
                    b));
        }
    }

    @TestFactory
    Stream<DynamicTest> unary_ofEachElement() {
        List<Case> cases = new ArrayList<>();
        unary(cases, "plus(1.5)", x -> x.plus(1.5), x -> x + 1.5);
        unary(cases, "minus(1.5)", x -> x.minus(1.5), x -> x - 1.5);
        unary(cases, "times(-3)", x -> x.times(-3), x -> -3 * x);
        unary(cases, "dividedBy(4)", x -> x.dividedBy(4), x -> x / 4);
        unary(cases, "maximum(0.125)", x -> x.maximum(0.125), x -> Math.max(x, 0.125));
        unary(cases, "minimum(0.125)", x -> x.minimum(0.125), x -> Math.min(x, 0.125));
        unary(cases, "negate", Tensor::negate, x -> -x);
        unary(cases, "square", Tensor::square, x -> x * x);
        unary(cases, "exp", Tensor::exp, Math::exp);
        unary(cases, "relu", Tensor::relu, x -> Math.max(x, 0));
        unary(cases, "sqrt of 3 + x", x -> x.plus(3).sqrt(), x -> Math.sqrt(3 + x));
        unary(cases, "log of 3 + x", x -> x.plus(3).log(), x -> Math.log(3 + x));
        return cases.stream().map(Case::test);
    }

    private static void unary(
            List<Case> cases, String name, UnaryOperator<Tensor> operation, DoubleUnaryOperator expected) {
        for (int[] shape : new int[][] {{2, 3, 4}, {}}) {
            cases.add(Case.of(
                    (branch, in) -> operation.apply(in.get(0)),
                    in -> in.get(0).map(expected),
                    name,
                    Array.distinct(3, shape)));
        }
    }

    @TestFactory
    Stream<DynamicTest> softmax_overTheLastAxis() {
        List<Case> cases = new ArrayList<>();
        for (int[] shape : new int[][] {{4}, {3, 4}, {2, 3, 4}, {3, 1}}) {
            Array x = Array.distinct(4, shape);
            cases.add(
                    Case.of((branch, in) -> in.get(0).softmax(), in -> in.get(0).softmax(), "softmax", x));
            cases.add(Case.of(
                    (branch, in) -> in.get(0).logSoftmax(),
                    in -> in.get(0).softmax().map(Math::log),
                    "logSoftmax",
                    x));
        }
        return cases.stream().map(Case::test);
    }

    @Test
    void logSoftmax_ofLargeValues_isFinite() {
        try (Harness harness = Harness.training()) {
            Tensor x = harness.step.input("x", Shape.of(1, 3));
            Map<String, float[]> found = harness.run(
                    Map.of("log", x.logSoftmax(), "softmax", x.softmax()), Map.of("x", new float[] {1000, 0, -1000}));
            assertThat(found.get("log")).containsExactly(0, -1000, -2000);
            assertThat(found.get("softmax")).containsExactly(1, 0, 0);
        }
    }

    @TestFactory
    Stream<DynamicTest> wherePositive_chooses() {
        Function<List<Array>, Array> expected = in -> {
            Array condition = in.get(0);
            Shape shape = condition.shape.broadcast(in.get(1).shape).broadcast(in.get(2).shape);
            return Array.fill(
                    shape,
                    i -> condition.at(i) > 0 ? in.get(1).at(i) : in.get(2).at(i));
        };
        Operation operation = (branch, in) -> in.get(0).wherePositive(in.get(1), in.get(2));
        Array zeros = Array.of(Shape.of(2, 3), 0, -0.0, 1, -1, 1e-30, -1e-30);
        return Stream.of(
                        Case.of(
                                operation,
                                expected,
                                "wherePositive",
                                zeros,
                                Array.distinct(1, 2, 3),
                                Array.distinct(2, 2, 3)),
                        Case.of(operation, expected, "wherePositive", zeros, Array.distinct(1, 3), Array.distinct(2)),
                        Case.of(
                                operation,
                                expected,
                                "wherePositive",
                                Array.distinct(5, 3, 1),
                                Array.distinct(1, 1, 4),
                                Array.distinct(2, 2, 1, 1)))
                .map(c -> c.varying("x1", "x2").test());
    }

    @Test
    void wherePositive_ofItsOwnCondition_hasTheGradientOfTheChosen() {
        Case.of(
                        (branch, in) -> in.get(0)
                                .wherePositive(in.get(0).times(2), in.get(0).times(3)),
                        in -> in.get(0).map(x -> x > 0 ? 2 * x : 3 * x),
                        "wherePositive",
                        Array.distinct(1, 5))
                .check();
    }

    @TestFactory
    Stream<DynamicTest> matmul_ofMatrices() {
        Function<List<Array>, Array> expected = in -> {
            Shape a = in.get(0).shape;
            Shape b = in.get(1).shape;
            return Array.fill(Shape.of(a.dimension(0), b.dimension(1)), i -> {
                double sum = 0;
                for (int k = 0; k < a.dimension(1); k++) {
                    sum += in.get(0).at(i[0], k) * in.get(1).at(k, i[1]);
                }
                return sum;
            });
        };
        int[][][] shapes = {{{2, 3}, {3, 4}}, {{1, 1}, {1, 1}}, {{1, 5}, {5, 2}}, {{4, 1}, {1, 3}}};
        return Stream.of(shapes)
                .map(pair -> Case.of(
                                (branch, in) -> in.get(0).matmul(in.get(1)),
                                expected,
                                "matmul",
                                Array.distinct(1, pair[0]),
                                Array.distinct(2, pair[1]))
                        .test());
    }

    @TestFactory
    Stream<DynamicTest> reductions_keepAxes() {
        List<Case> cases = new ArrayList<>();
        for (int[] axes : new int[][] {{0}, {1}, {-1}, {0, 2}, {-1, -3}, {0, 1, 2}}) {
            Array x = Array.distinct(1, 2, 3, 4);
            String name = " over " + List.of(Arrays.stream(axes).boxed().toArray());
            cases.add(
                    Case.of((branch, in) -> in.get(0).sum(axes), in -> in.get(0).sum(axes), "sum" + name, x));
            cases.add(Case.of(
                    (branch, in) -> in.get(0).mean(axes), in -> in.get(0).mean(axes), "mean" + name, x));
        }
        for (int[] shape : new int[][] {{2, 3}, {1}, {}}) {
            Array x = Array.distinct(2, shape);
            Function<List<Array>, Array> sum =
                    in -> Array.of(Shape.scalar(), in.get(0).sum());
            cases.add(Case.of((branch, in) -> in.get(0).sum(), sum, "sum", x));
            cases.add(Case.of(
                    (branch, in) -> in.get(0).mean(),
                    in -> sum.apply(in).map(s -> s / in.get(0).values.length),
                    "mean",
                    x));
        }
        return cases.stream().map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> elements_move() {
        Array x = Array.distinct(1, 2, 3, 4);
        return Stream.of(
                        Case.of(
                                (branch, in) -> in.get(0).reshape(Shape.of(4, 6)),
                                in -> in.get(0).reshape(4, 6),
                                "reshape",
                                x),
                        Case.of(
                                (branch, in) -> in.get(0).reshape(Shape.of(3, Shape.UNKNOWN)),
                                in -> in.get(0).reshape(3, 8),
                                "reshape to [3, ?]",
                                x),
                        Case.of(
                                (branch, in) -> in.get(0).reshape(Shape.of(1, 1)),
                                in -> in.get(0).reshape(1, 1),
                                "reshape",
                                Array.distinct(1)),
                        Case.of(
                                (branch, in) -> in.get(0).transpose(2, 0, 1),
                                in -> Array.fill(
                                        Shape.of(4, 2, 3), i -> in.get(0).at(i[1], i[2], i[0])),
                                "transpose(2, 0, 1)",
                                x),
                        Case.of(
                                (branch, in) -> in.get(0).transpose(1, 0),
                                in -> Array.fill(Shape.of(2, 5), i -> in.get(0).at(i[1], i[0])),
                                "transpose(1, 0)",
                                Array.distinct(1, 5, 2)),
                        Case.of(
                                (branch, in) -> in.get(0).concat(0, in.get(1)),
                                in -> Array.fill(
                                        Shape.of(3, 2),
                                        i -> i[0] < 1
                                                ? in.get(0).at(i[0], i[1])
                                                : in.get(1).at(i[0] - 1, i[1])),
                                "concat on axis 0",
                                Array.distinct(1, 1, 2),
                                Array.distinct(2, 2, 2)),
                        Case.of(
                                (branch, in) -> in.get(0).concat(-1, in.get(1)),
                                in -> Array.fill(
                                        Shape.of(2, 4),
                                        i -> i[1] < 3
                                                ? in.get(0).at(i[0], i[1])
                                                : in.get(1).at(i[0], 0)),
                                "concat on axis -1",
                                Array.distinct(1, 2, 3),
                                Array.distinct(2, 2, 1)),
                        Case.of(
                                (branch, in) -> in.get(0).concat(0, in.get(0)),
                                in -> Array.fill(Shape.of(6), i -> in.get(0).at(i[0] % 3)),
                                "concat with itself",
                                Array.distinct(1, 3)),
                        Case.of(
                                (branch, in) -> in.get(0).slice(1, 1, 3),
                                in -> Array.fill(
                                        Shape.of(2, 2, 4), i -> in.get(0).at(i[0], i[1] + 1, i[2])),
                                "slice of axis 1",
                                x),
                        Case.of(
                                (branch, in) -> in.get(0).slice(-1, 3, 4),
                                in -> Array.fill(
                                        Shape.of(2, 3, 1), i -> in.get(0).at(i[0], i[1], 3)),
                                "slice of axis -1",
                                x),
                        Case.of(
                                (branch, in) -> in.get(0).pad(new int[] {1, 0}, new int[] {0, 2}),
                                in -> Array.fill(Shape.of(3, 5), i -> in.get(0).atOrZero(i[0] - 1, i[1])),
                                "pad",
                                Array.distinct(1, 2, 3)),
                        Case.of(
                                (branch, in) -> in.get(0).pad(new int[] {0, 2, 1, 0}, new int[] {1, 0, 3, 0}),
                                in -> Array.fill(
                                        Shape.of(2, 4, 6, 2), i -> in.get(0).atOrZero(i[0], i[1] - 2, i[2] - 1, i[3])),
                                "pad",
                                Array.distinct(1, 1, 2, 2, 2)))
                .map(Case::test);
    }

    @TestFactory
    Stream<DynamicTest> conv2d_asPyTorchPads() {
        List<Case> cases = new ArrayList<>();
        for (int[] size : new int[][] {{5, 6}, {4, 4}}) {
            for (int[] window : new int[][] {{3, 3}, {2, 3}, {1, 1}, {4, 2}}) {
                for (int stride = 1; stride <= 2; stride++) {
                    for (int padding = 0; padding <= 3; padding++) {
                        convolution(cases, size, window, stride, padding);
                    }
                }
            }
        }
        convolution(cases, new int[] {9, 8}, new int[] {7, 7}, 2, 3);
        convolution(cases, new int[] {8, 5}, new int[] {3, 3}, 3, 1);
        convolution(cases, new int[] {1, 1}, new int[] {3, 3}, 1, 1);
        convolution(cases, new int[] {1, 1}, new int[] {3, 3}, 2, 1);
        convolution(cases, new int[] {1, 1}, new int[] {1, 1}, 2, 0);
        return cases.stream().map(Case::test);
    }

    private static void convolution(List<Case> cases, int[] size, int[] window, int stride, int padding) {
        cases.add(Case.of(
                (branch, in) -> in.get(0).conv2d(in.get(1), stride, padding),
                in -> in.get(0).conv2d(in.get(1), stride, padding),
                "conv2d of stride " + stride + " and padding " + padding,
                Array.distinct(1, 2, size[0], size[1], 2).map(x -> x / 8),
                Array.distinct(2, window[0], window[1], 2, 3).map(x -> x / 8)));
    }

    @TestFactory
    Stream<DynamicTest> maxPool_ofWhatThereIs() {
        List<Case> cases = new ArrayList<>();
        for (int[] size : new int[][] {{5, 6}, {4, 4}}) {
            for (int window = 1; window <= 3; window++) {
                for (int stride = 1; stride <= 3; stride++) {
                    for (int padding = 0; padding <= window / 2; padding++) {
                        pooling(cases, window, stride, padding, 1, size[0], size[1], 2);
                    }
                }
            }
        }
        pooling(cases, 5, 2, 2, 2, 6, 7, 1);
        pooling(cases, 3, 2, 1, 1, 1, 1, 1);
        return cases.stream().map(Case::test);
    }

    /** All inputs are negative: a padding of zeros would win. */
    private static void pooling(List<Case> cases, int size, int stride, int padding, int... shape) {
        cases.add(Case.of(
                (branch, in) -> in.get(0).maxPool(size, stride, padding),
                in -> in.get(0).maxPool(size, stride, padding),
                "maxPool of " + size + ", stride " + stride + " and padding " + padding,
                Array.distinct(1, shape).map(x -> x - 16)));
    }

    @Test
    void maxPool_withTies_givesTheFirstTheGradient() {
        float[] x = {1, 1, 0, 2, 1, 1, 2, 2, -1, -1, -1, -1, -1, -1, -1, -1};
        assertThat(poolGradient(2, 2, 0, x)).containsExactly(1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);
        // Windows at -1 and 1 in both directions: padding comes first and must not be chosen.
        float[] equal = new float[16];
        Arrays.fill(equal, -1);
        assertThat(poolGradient(3, 2, 1, equal)).containsExactly(1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Of the sum of a pooling of a 4x4 image. */
    private static float[] poolGradient(int size, int stride, int padding, float... x) {
        try (Harness harness = Harness.training()) {
            Tensor in = harness.step.input("x", Shape.of(1, 4, 4, 1));
            Tensor sum = in.maxPool(size, stride, padding).sum();
            return harness.run(Map.of("dx", harness.gradient(sum, in)), Map.of("x", x))
                    .get("dx");
        }
    }

    @TestFactory
    Stream<DynamicTest> combined() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of(
                (branch, in) -> in.get(0).globalAveragePool(),
                in -> in.get(0).mean(1, 2).reshape(2, 4),
                "globalAveragePool",
                Array.distinct(1, 2, 3, 2, 4)));
        for (int axis : new int[] {0, 1, -1}) {
            cases.add(Case.of(
                    (branch, in) -> in.get(0).l2Normalize(axis),
                    in -> in.get(0)
                            .dividedBy(in.get(0).map(x -> x * x).sum(axis).map(Math::sqrt)),
                    "l2Normalize over " + axis,
                    Array.distinct(1, 3, 4)));
        }
        cases.add(Case.of(
                (branch, in) -> in.get(0).norm(),
                in -> Array.of(
                        Shape.scalar(), Math.sqrt(in.get(0).map(x -> x * x).sum())),
                "norm",
                Array.distinct(1, 3, 4)));
        return cases.stream().map(Case::test);
    }

    @Test
    void l2Normalize_ofZero_isZeroAndHasAFiniteGradient() {
        try (Harness harness = Harness.training()) {
            Tensor x = harness.step.input("x", Shape.of(1, 2));
            Tensor y = x.l2Normalize(1);
            Map<String, float[]> found =
                    harness.run(Map.of("y", y, "dx", harness.gradient(y.sum(), x)), Map.of("x", new float[2]));
            assertThat(found.get("y")).containsExactly(0, 0);
            // x / sqrt(1e-12) below the floor
            assertClose("dx", found.get("dx"), 1e6, 1e6);
        }
    }

    @Test
    void stopGradient_keepsTheValueAndBlocks() {
        try (Harness harness = Harness.training()) {
            Tensor x = harness.step.input("x", Shape.of(3));
            Tensor y = x.stopGradient().times(x).sum();
            Map<String, float[]> found =
                    harness.run(Map.of("y", y, "dx", harness.gradient(y, x)), Map.of("x", new float[] {1, -2, 3}));
            assertThat(found.get("y")).containsExactly(14);
            assertThat(found.get("dx")).containsExactly(1, -2, 3);
        }
    }

    @TestFactory
    Stream<DynamicTest> batchNorm_inTraining() {
        BatchNorm settings = new BatchNorm(0.1, 1e-3);
        return Stream.of(new int[][] {{6, 3}, {1, 3}, {2, 3, 4}, {2, 3, 4, 2}, {1, 1, 1, 2}, {1, 2, 2, 1}})
                .map(shape -> {
                    int channels = shape[shape.length - 1];
                    Map<String, Array> inputs = new LinkedHashMap<>();
                    inputs.put("x", Array.distinct(1, shape).map(x -> x + 1));
                    inputs.put("scale", Array.distinct(2, channels).map(x -> x + 1));
                    inputs.put("offset", Array.distinct(3, channels));
                    return new Case(
                                    "batchNorm",
                                    inputs,
                                    List.copyOf(inputs.keySet()),
                                    (branch, in) -> branch.batchNorm(in.get(0), settings),
                                    in -> in.get(0).batchNorm(in.get(1), in.get(2), settings.epsilon()))
                            .test();
                });
    }
}
