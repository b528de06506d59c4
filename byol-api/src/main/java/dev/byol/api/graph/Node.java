package dev.byol.api.graph;

import static java.util.Objects.requireNonNull;

import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A recorded {@link Tensor}: an operation, its inputs and the shape of the result. */
public sealed class Node implements Tensor permits ParameterNode {
    private final StepGraph graph;
    private final Op op;
    private final List<Node> inputs;
    private final Shape shape;
    private final int depth;

    Node(StepGraph graph, Op op, Shape shape, Node... inputs) {
        this.graph = requireNonNull(graph);
        this.op = requireNonNull(op);
        this.shape = requireNonNull(shape);
        this.inputs = List.of(inputs);
        int deepest = 0;
        for (Node input : inputs) {
            if (input.graph != graph) {
                throw new IllegalArgumentException("a tensor of another step was used in this one: " + input);
            }
            deepest = Math.max(deepest, input.depth);
        }
        this.depth = deepest + 1;
        graph.add(this);
    }

    /** What is computed. */
    public Op op() {
        return op;
    }

    /** What it is computed from. */
    public List<Node> inputs() {
        return inputs;
    }

    /** The input at an index. */
    public Node input(int index) {
        return inputs.get(index);
    }

    /** The length of the longest chain of inputs, itself included: 1 for a leaf. Nodes of one depth never depend on each other. */
    public int depth() {
        return depth;
    }

    /** The step that this node belongs to. */
    public StepGraph graph() {
        return graph;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Tensor plus(Tensor other) {
        return binary(Op.Pointwise.PLUS, other);
    }

    @Override
    public Tensor plus(double c) {
        return binary(Op.Pointwise.PLUS, c);
    }

    @Override
    public Tensor minus(Tensor other) {
        return binary(Op.Pointwise.MINUS, other);
    }

    @Override
    public Tensor times(Tensor other) {
        return binary(Op.Pointwise.TIMES, other);
    }

    @Override
    public Tensor times(double c) {
        return binary(Op.Pointwise.TIMES, c);
    }

    @Override
    public Tensor dividedBy(Tensor other) {
        return binary(Op.Pointwise.DIVIDED_BY, other);
    }

    @Override
    public Tensor dividedBy(double c) {
        return binary(Op.Pointwise.DIVIDED_BY, c);
    }

    @Override
    public Tensor maximum(Tensor other) {
        return binary(Op.Pointwise.MAXIMUM, other);
    }

    @Override
    public Tensor maximum(double c) {
        return binary(Op.Pointwise.MAXIMUM, c);
    }

    @Override
    public Tensor minimum(Tensor other) {
        return binary(Op.Pointwise.MINIMUM, other);
    }

    @Override
    public Tensor minimum(double c) {
        return binary(Op.Pointwise.MINIMUM, c);
    }

    @Override
    public Tensor negate() {
        return unary(Op.Pointwise.NEGATE);
    }

    @Override
    public Tensor square() {
        return unary(Op.Pointwise.SQUARE);
    }

    @Override
    public Tensor sqrt() {
        return unary(Op.Pointwise.SQRT);
    }

    @Override
    public Tensor exp() {
        return unary(Op.Pointwise.EXP);
    }

    @Override
    public Tensor log() {
        return unary(Op.Pointwise.LOG);
    }

    @Override
    public Tensor relu() {
        return unary(Op.Pointwise.RELU);
    }

    @Override
    public Tensor softmax() {
        shape.axis(-1);
        return unary(Op.Pointwise.SOFTMAX);
    }

    @Override
    public Tensor logSoftmax() {
        shape.axis(-1);
        return unary(Op.Pointwise.LOG_SOFTMAX);
    }

    @Override
    public Tensor wherePositive(Tensor then, Tensor otherwise) {
        Shape result = shape.broadcast(then.shape()).broadcast(otherwise.shape());
        return new Node(graph, Op.Pointwise.WHERE_POSITIVE, result, this, node(then), node(otherwise));
    }

    @Override
    public Tensor matmul(Tensor other) {
        Shape to = other.shape();
        if (shape.rank() != 2 || to.rank() != 2 || differ(shape.dimension(1), to.dimension(0))) {
            throw new IllegalArgumentException("a matrix product needs [n, k] and [k, m], got " + shape + " and " + to);
        }
        return new Node(graph, Op.Plain.MATMUL, Shape.of(shape.dimension(0), to.dimension(1)), this, node(other));
    }

    @Override
    public Tensor sum(int... axes) {
        return reduce(false, axes);
    }

    @Override
    public Tensor mean(int... axes) {
        return reduce(true, axes);
    }

    @Override
    public Tensor reshape(Shape to) {
        int[] open = IntStream.range(0, to.rank())
                .filter(i -> to.dimension(i) == Shape.UNKNOWN)
                .toArray();
        Shape result = to;
        if (shape.isKnown() && open.length == 1) {
            int others = to.with(open[0], 1).size();
            result = to.with(open[0], others == 0 ? 0 : shape.size() / others);
        }
        if (open.length > 1 || (shape.isKnown() && shape.size() != result.size())) {
            throw new IllegalArgumentException("shape " + shape + " cannot become " + to);
        }
        return new Node(graph, Op.Plain.RESHAPE, result, this);
    }

    @Override
    public Tensor transpose(int... order) {
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        if (!Arrays.equals(sorted, IntStream.range(0, shape.rank()).toArray())) {
            throw new IllegalArgumentException(
                    "the order must name each axis of " + shape + " once, got " + Arrays.toString(order));
        }
        Shape result = Shape.of(Arrays.stream(order).map(shape::dimension).toArray());
        return new Node(graph, new Op.Transpose(list(order)), result, this);
    }

    @Override
    public Tensor concat(int axis, Tensor other) {
        int at = shape.axis(axis);
        Shape with = other.shape();
        if (with.rank() != shape.rank() || !with.with(at, 0).equals(shape.with(at, 0))) {
            throw new IllegalArgumentException(
                    "shapes " + shape + " and " + with + " cannot be joined along axis " + axis);
        }
        int a = shape.dimension(at);
        int b = with.dimension(at);
        int sum = a == Shape.UNKNOWN || b == Shape.UNKNOWN ? Shape.UNKNOWN : a + b;
        return new Node(graph, new Op.Concat(at), shape.with(at, sum), this, node(other));
    }

    @Override
    public Tensor slice(int axis, int from, int to) {
        int at = shape.axis(axis);
        int size = shape.dimension(at);
        if (from < 0 || to <= from || (size != Shape.UNKNOWN && to > size)) {
            throw new IllegalArgumentException("axis " + axis + " of " + shape + " has no range " + from + " to " + to);
        }
        return new Node(graph, new Op.Slice(at, from, to), shape.with(at, to - from), this);
    }

    @Override
    public Tensor pad(int[] before, int[] after) {
        if (before.length != shape.rank() || after.length != shape.rank()) {
            throw new IllegalArgumentException("padding of " + shape + " needs " + shape.rank()
                    + " entries before and after, got " + before.length + " and " + after.length);
        }
        Shape result = shape;
        for (int i = 0; i < before.length; i++) {
            if (before[i] < 0 || after[i] < 0) {
                throw new IllegalArgumentException("padding must be at least 0, got " + Arrays.toString(before)
                        + " and " + Arrays.toString(after));
            }
            if (shape.dimension(i) != Shape.UNKNOWN) {
                result = result.with(i, before[i] + shape.dimension(i) + after[i]);
            }
        }
        return new Node(graph, new Op.Pad(list(before), list(after)), result, this);
    }

    @Override
    public Tensor conv2d(Tensor kernel, int stride, int padding) {
        Shape k = kernel.shape();
        if (shape.rank() != 4 || k.rank() != 4 || differ(shape.dimension(3), k.dimension(2))) {
            throw new IllegalArgumentException(
                    "a convolution needs images [B, H, W, C] and a kernel [h, w, C, out], got " + shape + " and " + k);
        }
        Shape result = windows(k.dimension(0), k.dimension(1), stride, padding).with(3, k.dimension(3));
        return new Node(graph, new Op.Conv2d(stride, padding), result, this, node(kernel));
    }

    @Override
    public Tensor maxPool(int size, int stride, int padding) {
        if (shape.rank() != 4) {
            throw new IllegalArgumentException("a pooling needs images [B, H, W, C], got " + shape);
        }
        if (size < 1) {
            throw new IllegalArgumentException("size must be at least 1, got " + size);
        }
        if (padding > size / 2) {
            throw new IllegalArgumentException("padding must be at most half the size " + size + ", got " + padding);
        }
        return new Node(graph, new Op.MaxPool(size, stride, padding), windows(size, size, stride, padding), this);
    }

    @Override
    public Tensor stopGradient() {
        return new Node(graph, Op.Plain.STOP_GRADIENT, shape, this);
    }

    @Override
    public <E> E unwrap(Class<E> engineType) {
        return graph.unwrap(this, engineType);
    }

    private Shape windows(int height, int width, int stride, int padding) {
        if (stride < 1 || padding < 0) {
            throw new IllegalArgumentException(
                    "stride must be at least 1 and padding at least 0, got " + stride + " and " + padding);
        }
        int h = shape.dimension(1) + 2 * padding - height;
        int w = shape.dimension(2) + 2 * padding - width;
        if (shape.dimension(1) < 1 || shape.dimension(2) < 1 || h < 0 || w < 0) {
            throw new IllegalArgumentException("images " + shape + " are smaller than a window of " + height + "x"
                    + width + " with padding " + padding);
        }
        return shape.with(1, h / stride + 1).with(2, w / stride + 1);
    }

    private Tensor reduce(boolean mean, int... axes) {
        if (axes.length == 0) {
            List<Integer> all = IntStream.range(0, shape.rank()).boxed().toList();
            return new Node(graph, new Op.Reduce(mean, all, false), Shape.scalar(), this);
        }
        Shape result = shape;
        List<Integer> over = new ArrayList<>();
        for (int axis : axes) {
            if (over.contains(shape.axis(axis))) {
                throw new IllegalArgumentException(
                        "each axis of " + shape + " can be reduced once, got " + Arrays.toString(axes));
            }
            over.add(shape.axis(axis));
            result = result.with(axis, 1);
        }
        return new Node(graph, new Op.Reduce(mean, List.copyOf(over), true), result, this);
    }

    private Tensor unary(Op.Pointwise operation) {
        return new Node(graph, operation, shape, this);
    }

    private Tensor binary(Op.Pointwise operation, Tensor other) {
        return new Node(graph, operation, shape.broadcast(other.shape()), this, node(other));
    }

    private Tensor binary(Op.Pointwise operation, double c) {
        return binary(operation, new Node(graph, new Op.Constant(c), Shape.scalar()));
    }

    static Node node(Tensor tensor) {
        if (tensor instanceof Node node) {
            return node;
        }
        throw new IllegalArgumentException("expected a tensor of this step, got "
                + (tensor == null ? "null" : tensor.getClass().getName()));
    }

    private static boolean differ(int a, int b) {
        return a != b && a != Shape.UNKNOWN && b != Shape.UNKNOWN;
    }

    private static List<Integer> list(int... values) {
        return Arrays.stream(values).boxed().toList();
    }

    @Override
    public String toString() {
        return op + " " + shape;
    }
}
