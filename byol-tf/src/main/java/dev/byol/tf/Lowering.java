package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * Turns the nodes of a recorded step into TensorFlow operations, each once and when it is first needed.
 *
 * <p>Convolutions of one kernel at the same place of several views run as one, over the joined batches, unless one view is work enough;
 * everything else, batch normalisation above all, sees each view alone. In reduced precision convolutions and what may stay between them
 * (normalisation, ReLU, residual sums, pooling) work on bfloat16; every other operation gets float32.
 */
final class Lowering implements StepGraph.Engine {
    private static final int DETACHED_PIXELS = 36;
    private static final int APART_PIXELS = 24 * 24;
    private static final int APART_CHANNELS = 64;
    /** On a GPU: two tiles of 128 by 128 values for each of 132 processors, which is what an H200 has. Counted, not measured. */
    private static final int APART_VALUES = 2 * 132 * 128 * 128;

    private static final List<Integer> NONE = List.of(0, 0, 0, 0);
    /** Floats in a vector of AVX-512. */
    private static final int LANES = 16;

    private final Ops tf;
    private final StepGraph graph;
    private final Function<Node, Operand<TFloat32>> leaves;
    private final boolean reduced;
    private final boolean onCpu;
    private final Map<Node, Operand<TNumber>> lowered = new HashMap<>();
    private final Map<Node, FusedBatchNorm<TNumber, TNumber>> batchNorms = new HashMap<>();
    private final Map<Object, Operand<TNumber>> shared = new HashMap<>();
    private final List<DetachedKernel> detached = new ArrayList<>();
    private Optional<MultiTensor> update = Optional.empty();

    /**
     * @param leaves what views, inputs, schedules, parameters and states are in this graph
     * @param device on a CPU convolutions are written as what is faster there, and right
     */
    Lowering(
            Ops tf,
            StepGraph graph,
            Function<Node, Operand<TFloat32>> leaves,
            Precision precision,
            ChosenDevice device) {
        this.tf = tf;
        this.graph = graph;
        this.leaves = leaves;
        this.reduced = precision == Precision.BFLOAT16;
        this.onCpu = device.gpu().isEmpty();
        graph.attach(this);
    }

    @Override
    public <E> E unwrap(Node node, Class<E> type) {
        if (type.isInstance(tf)) {
            return type.cast(tf);
        }
        Operand<TFloat32> operand = float32(node);
        if (!type.isInstance(operand)) {
            throw new IllegalStateException("this engine has an Operand and Ops behind a tensor, no " + type.getName());
        }
        return type.cast(operand);
    }

    /** The float32 value of a node. */
    Operand<TFloat32> float32(Node node) {
        return cast(as(node, TFloat32.class));
    }

    /** The value of a node, in whichever precision, if it was needed so far. */
    Optional<Operand<TNumber>> known(Node node) {
        boolean joined = update.isPresent() && update.get().isKnown(node);
        return joined ? Optional.of(lower(node)) : Optional.ofNullable(lowered.get(node));
    }

    /** From here on, what leads to the values of an update and not to a loss is computed for all alike tensors at once. */
    void join(Collection<Node> updated, Collection<Node> losses) {
        update = Optional.of(new MultiTensor(tf, graph, updated, losses, this::float32));
    }

    /** The convolutions so far whose kernels TensorFlow sees no way back to. */
    List<DetachedKernel> detached() {
        return List.copyOf(detached);
    }

    private Operand<TNumber> lower(Node node) {
        Operand<TNumber> known = lowered.get(node);
        if (known == null) {
            known = emit(node);
            lowered.put(node, known);
        }
        return known;
    }

    private Operand<TNumber> emit(Node node) {
        Op op = node.op();
        if (update.isPresent() && update.get().holds(node)) {
            return any(update.get().value(node));
        } else if (op instanceof Op.Pointwise pointwise) {
            return pointwise(pointwise, node);
        } else if (op instanceof Op.Plain plain) {
            return plain(plain, node);
        } else if (op instanceof Op.Constant constant) {
            return any(tf.constant((float) constant.value()));
        } else if (op instanceof Op.External external) {
            return any((Operand<?>) external.value());
        } else if (op instanceof Op.Reduce reduce) {
            return isSumOfSquares(node) ? sumOfSquares(node) : reduce(reduce, full(node.input(0)));
        } else if (op instanceof Op.Transpose transpose) {
            return any(tf.linalg.transpose(lower(node.input(0)), tf.constant(ints(transpose.order()))));
        } else if (op instanceof Op.Concat concat) {
            return any(tf.concat(List.of(full(node.input(0)), full(node.input(1))), tf.constant(concat.axis())));
        } else if (op instanceof Op.Slice slice) {
            return slice(slice, node);
        } else if (op instanceof Op.Pad pad) {
            return pad(lower(node.input(0)), pad.before(), pad.after(), 0);
        } else if (op instanceof Op.Conv2d) {
            return convolution(node);
        } else if (op instanceof Op.MaxPool pool) {
            return maxPool(pool, node);
        } else if (op instanceof Op.BatchNormalize norm) {
            return batchNormalize(node, norm.epsilon());
        } else if (op instanceof Op.Normalize norm) {
            return normalize(node, norm.epsilon());
        }
        return any(leaves.apply(node));
    }

    private Operand<TNumber> pointwise(Op.Pointwise op, Node node) {
        boolean keep = op == Op.Pointwise.RELU || op == Op.Pointwise.PLUS;
        boolean reducedInputs = keep && node.inputs().stream().allMatch(this::isReduced);
        List<Operand<TNumber>> in = node.inputs().stream()
                .map(input -> reducedInputs ? lower(input) : full(input))
                .toList();
        return op == Op.Pointwise.LOG_SOFTMAX ? logSoftmax(in.get(0), node.shape()) : pointwise(tf, op, in);
    }

    /** An operation that takes each element, or each row of the last axis, by itself. */
    static <T extends TNumber> Operand<T> pointwise(Ops tf, Op.Pointwise op, List<Operand<T>> inputs) {
        List<Operand<TNumber>> in = inputs.stream().map(Lowering::any).toList();
        Operand<TNumber> a = in.get(0);
        Operand<TNumber> y = switch (op) {
            case PLUS -> any(tf.math.add(a, in.get(1)));
            case MINUS -> any(tf.math.sub(a, in.get(1)));
            case TIMES -> any(tf.math.mul(a, in.get(1)));
            case DIVIDED_BY -> any(tf.math.div(a, in.get(1)));
            case MAXIMUM -> any(tf.math.maximum(a, in.get(1)));
            case MINIMUM -> any(tf.math.minimum(a, in.get(1)));
            case NEGATE -> any(tf.math.neg(a));
            case SQUARE -> any(tf.math.square(a));
            case SQRT -> any(tf.math.sqrt(a));
            case EXP -> any(tf.math.exp(a));
            case LOG -> any(tf.math.log(a));
            case RELU -> any(tf.nn.relu(a));
            case SOFTMAX -> any(tf.nn.softmax(a));
            case LOG_SOFTMAX -> any(tf.nn.logSoftmax(a));
            case WHERE_POSITIVE -> any(tf.select(tf.math.greater(a, any(tf.constant(0f))), in.get(1), in.get(2)));
        };
        @SuppressWarnings("unchecked") // of the type of its inputs
        Operand<T> typed = (Operand<T>) (Operand<?>) y;
        return typed;
    }

    /** On a matrix: TensorFlow's gradient sums over axis 1 whatever the rank, silently wrong above 2. */
    private Operand<TNumber> logSoftmax(Operand<TNumber> x, Shape shape) {
        Shape rows = Shape.of(Shape.UNKNOWN, shape.dimension(-1));
        boolean isMatrix = shape.rank() == 2;
        Operand<TNumber> y = pointwise(tf, Op.Pointwise.LOG_SOFTMAX, List.of(isMatrix ? x : reshape(x, rows)));
        return isMatrix ? y : reshape(y, shape);
    }

    private Operand<TNumber> plain(Op.Plain op, Node node) {
        return switch (op) {
            case MATMUL -> any(tf.linalg.matMul(full(node.input(0)), full(node.input(1))));
            case RESHAPE -> reshape(lower(node.input(0)), node.shape());
            case STOP_GRADIENT -> any(tf.stopGradient(lower(node.input(0))));
            case BATCH_MEAN -> batchNorm(node.input(0)).batchMean();
            case BATCH_VARIANCE -> batchNorm(node.input(0)).batchVariance();
            case PARAMETER -> any(leaves.apply(node));
        };
    }

    private Operand<TNumber> reshape(Operand<TNumber> x, Shape shape) {
        return any(tf.reshape(x, tf.constant(shape.dimensions())));
    }

    private Operand<TNumber> reduce(Op.Reduce reduce, Operand<TNumber> x) {
        Operand<org.tensorflow.types.TInt32> axes = tf.constant(ints(reduce.axes()));
        return reduce.mean()
                ? any(tf.math.mean(x, axes, Mean.keepDims(reduce.keep())))
                : any(tf.reduceSum(x, axes, ReduceSum.keepDims(reduce.keep())));
    }

    static boolean isSumOfSquares(Node node) {
        return node.op() instanceof Op.Reduce reduce
                && !reduce.mean()
                && !reduce.keep()
                && node.input(0).op() == Op.Pointwise.SQUARE;
    }

    /** In one pass, without the squares: the norms of all parameters and gradients are made of it. */
    private Operand<TNumber> sumOfSquares(Node node) {
        Operand<TNumber> half = any(tf.nn.l2Loss(full(node.input(0).input(0))));
        return any(tf.math.mul(half, any(tf.constant(2f))));
    }

    private Operand<TNumber> slice(Op.Slice slice, Node node) {
        int rank = node.shape().rank();
        int[] begin = new int[rank];
        int[] size = new int[rank];
        java.util.Arrays.fill(size, -1);
        begin[slice.axis()] = slice.from();
        size[slice.axis()] = slice.to() - slice.from();
        return any(tf.slice(lower(node.input(0)), tf.constant(begin), tf.constant(size)));
    }

    private Operand<TNumber> pad(Operand<TNumber> x, List<Integer> before, List<Integer> after, float value) {
        if (before.equals(NONE) && after.equals(NONE)) {
            return x;
        }
        int[][] paddings = new int[before.size()][];
        for (int i = 0; i < paddings.length; i++) {
            paddings[i] = new int[] {before.get(i), after.get(i)};
        }
        Operand<TNumber> fill = any(tf.constant(value));
        Operand<TNumber> typed = isReduced(x) ? any(tf.dtypes.cast(fill, TBfloat16.class)) : fill;
        return any(tf.pad(x, tf.constant(paddings), typed));
    }

    /** Convolutions of one kernel, one geometry and one depth: none depends on another, so that they can run as one. */
    private record Place(Node kernel, Op op, Shape shape, int depth) {
        static Place of(Node node) {
            return new Place(node.input(1), node.op(), node.input(0).shape(), node.depth());
        }
    }

    private Operand<TNumber> convolution(Node node) {
        if (!joins(node.shape())) {
            return convolve(
                    node, convolvable(node.input(0), node), node.input(0).shape());
        }
        Place place = Place.of(node);
        List<Node> together = graph.nodes().stream()
                .filter(n -> n.op() instanceof Op.Conv2d
                        && !lowered.containsKey(n)
                        && Place.of(n).equals(place))
                .toList();
        List<Operand<TNumber>> inputs =
                together.stream().map(n -> convolvable(n.input(0), node)).toList();
        if (together.size() == 1) {
            return convolve(node, inputs.get(0), node.input(0).shape());
        }
        Operand<TNumber> joined = shared.computeIfAbsent(inputs, key -> any(tf.concat(inputs, tf.constant(0))));
        List<Operand<TNumber>> parts = new ArrayList<>();
        Shape one = node.input(0).shape();
        Shape all = one.with(0, together.size() * one.dimension(0));
        tf.split(tf.constant(0), convolve(node, joined, all), (long) together.size())
                .forEach(part -> parts.add(any(part)));
        for (int i = 0; i < parts.size(); i++) {
            lowered.put(together.get(i), parts.get(i));
        }
        return parts.get(together.indexOf(node));
    }

    /** Whether views are worth copying next to each other: not where one alone keeps the device as busy. */
    private boolean joins(Shape output) {
        if (!output.isKnown()) {
            return false;
        }
        long pixels = (long) output.dimension(1) * output.dimension(2);
        int channels = output.dimension(3);
        return onCpu
                ? pixels < APART_PIXELS || channels < APART_CHANNELS
                : output.dimension(0) * pixels * channels < APART_VALUES;
    }

    private Operand<TNumber> convolvable(Node input, Node convolution) {
        return as(input, reduces(convolution) ? TBfloat16.class : TFloat32.class);
    }

    /** In bfloat16, and to one channel, TensorFlow's gradient of the input is zero (oneDNN 3.5). */
    private boolean reduces(Node convolution) {
        return reduced && convolution.shape().dimension(-1) > 1;
    }

    private Operand<TNumber> convolve(Node node, Operand<TNumber> x, Shape images) {
        Op.Conv2d op = (Op.Conv2d) node.op();
        Node kernel = node.input(1);
        Shape size = kernel.shape();
        Operand<TNumber> k = convolvable(kernel, node);
        if (onCpu && !reduces(node) && Winograd.suits(op, images, size)) {
            return Winograd.convolve(tf, x, images, k, size);
        }
        boolean products = onCpu && PixelProducts.suits(op, images, size);
        boolean detaches = products || detaches(node);
        Operand<TNumber> used = detaches ? tf.stopGradient(k) : k;
        Operand<TNumber> y = products
                ? PixelProducts.convolve(tf, op, x, images, used, size)
                : plainConvolution(node, x, images, used);
        if (detaches) {
            detached.add(new DetachedKernel(k, size, x, images, y, node.shape(), op.stride(), op.padding()));
        }
        return y;
    }

    /** TensorFlow's own. */
    private Operand<TNumber> plainConvolution(Node node, Operand<TNumber> x, Shape images, Operand<TNumber> kernel) {
        Op.Conv2d op = (Op.Conv2d) node.op();
        Shape size = node.input(1).shape();
        Window window = Window.of(images, size.dimension(0), size.dimension(1), op.stride(), op.padding());
        int missing = channels(node) - size.dimension(2);
        Operand<TNumber> input = pad(x, window.before(), with(window.after(), 3, missing), 0);
        Operand<TNumber> filled = pad(kernel, NONE, with(NONE, 2, missing), 0);
        return any(tf.nn.conv2d(input, filled, window.strides(), window.mode()));
    }

    /** With how many input channels TensorFlow's convolution (oneDNN 3.5 with AVX-512) and its gradients can be trusted. */
    private int channels(Node convolution) {
        Shape kernel = convolution.input(1).shape();
        int in = kernel.dimension(2);
        if (!onCpu) {
            return in;
        }
        boolean point = kernel.dimension(0) * kernel.dimension(1) == 1;
        if (point && ((Op.Conv2d) convolution.op()).stride() > 1 && in < LANES) {
            return LANES; // with fewer the kernel's gradient writes outside of its memory, and damages what lies there
        }
        return reduces(convolution) ? in + in % 2 : in; // on Zen 5 an odd channel in bfloat16 gives wrong sums
    }

    /** Whether the kernel's gradient is faster by {@link DetachedKernel}: measured on processors with AVX-512. */
    private boolean detaches(Node convolution) {
        Shape kernel = convolution.input(1).shape();
        Shape output = convolution.shape();
        return onCpu
                && reduces(convolution)
                && output.isKnown()
                && kernel.dimension(0) * kernel.dimension(1) > 1
                && output.dimension(1) * output.dimension(2) <= DETACHED_PIXELS;
    }

    private Operand<TNumber> maxPool(Op.MaxPool op, Node node) {
        Window window = Window.of(node.input(0).shape(), op.size(), op.size(), op.stride(), op.padding());
        Operand<TNumber> x = lower(node.input(0));
        Operand<TNumber> input = pad(x, window.before(), window.after(), Float.NEGATIVE_INFINITY);
        // The first version of the operation: the gradient of the second one is many times slower on the CPU.
        return tf.scope()
                .opBuilder("MaxPool", "MaxPool")
                .addInput(input.asOutput())
                .setAttr("ksize", new long[] {1, op.size(), op.size(), 1})
                .setAttr("strides", new long[] {1, op.stride(), op.stride(), 1})
                .setAttr("padding", window.mode())
                .build()
                .output(0);
    }

    private FusedBatchNorm<TNumber, TNumber> batchNorm(Node node) {
        lower(node);
        return java.util.Objects.requireNonNull(batchNorms.get(node));
    }

    private Operand<TNumber> batchNormalize(Node node, double epsilon) {
        Operand<TNumber> x = lower(node.input(0));
        Shape shape = node.shape();
        Operand<TNumber> empty = any(tf.constant(new float[0]));
        FusedBatchNorm<TNumber, TNumber> norm = tf.nn.fusedBatchNorm(
                images(x, shape),
                full(node.input(1)),
                full(node.input(2)),
                empty,
                empty,
                FusedBatchNorm.epsilon((float) epsilon),
                FusedBatchNorm.isTraining(true));
        batchNorms.put(node, norm);
        return back(norm.y(), shape);
    }

    private Operand<TNumber> normalize(Node node, double epsilon) {
        Shape shape = node.shape();
        return back(
                tf.nn.fusedBatchNorm(
                                images(lower(node.input(0)), shape),
                                full(node.input(1)),
                                full(node.input(2)),
                                full(node.input(3)),
                                full(node.input(4)),
                                FusedBatchNorm.epsilon((float) epsilon),
                                FusedBatchNorm.isTraining(false))
                        .y(),
                shape);
    }

    private Operand<TNumber> images(Operand<TNumber> x, Shape shape) {
        return shape.rank() == 4 ? x : reshape(x, Shape.of(Shape.UNKNOWN, 1, 1, shape.dimension(-1)));
    }

    private Operand<TNumber> back(Operand<TNumber> y, Shape shape) {
        return shape.rank() == 4 ? y : reshape(y, shape);
    }

    private Operand<TNumber> full(Node node) {
        return as(node, TFloat32.class);
    }

    private Operand<TNumber> as(Node node, Class<? extends TNumber> type) {
        Operand<TNumber> value = lower(node);
        if (value.type() == type) {
            return value;
        }
        return shared.computeIfAbsent(List.of(node, type), key -> any(tf.dtypes.cast(value, type)));
    }

    private boolean isReduced(Node node) {
        return isReduced(lower(node));
    }

    private static boolean isReduced(Operand<TNumber> value) {
        return ((Operand<?>) value).type() == TBfloat16.class;
    }

    /** Element types are checked by TensorFlow when an operation is built; Java's view of them is widened here. */
    @SuppressWarnings("unchecked")
    private static Operand<TNumber> any(Operand<?> operand) {
        return (Operand<TNumber>) operand;
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloat32> cast(Operand<TNumber> operand) {
        return (Operand<TFloat32>) (Operand<?>) operand;
    }

    private static List<Integer> with(List<Integer> values, int index, int value) {
        List<Integer> changed = new ArrayList<>(values);
        changed.set(index, value);
        return changed;
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /** How a sliding window with symmetric padding is said to TensorFlow. Rows that no window reads are not padded. */
    private record Window(String mode, List<Integer> before, List<Integer> after, List<Long> strides) {
        static Window of(Shape images, int height, int width, int stride, int padding) {
            int bottom = after(images.dimension(1), height, stride, padding);
            int right = after(images.dimension(2), width, stride, padding);
            boolean none = padding == 0;
            boolean same = !none
                    && isSame(images.dimension(1), height, stride, padding)
                    && isSame(images.dimension(2), width, stride, padding);
            return new Window(
                    same ? "SAME" : "VALID",
                    same ? NONE : List.of(0, padding, padding, 0),
                    same ? NONE : List.of(0, bottom, right, 0),
                    List.of(1L, (long) stride, (long) stride, 1L));
        }

        private static int outputs(int size, int window, int stride, int padding) {
            return (size + 2 * padding - window) / stride + 1;
        }

        private static int after(int size, int window, int stride, int padding) {
            return Math.max(0, (outputs(size, window, stride, padding) - 1) * stride + window - size - padding);
        }

        /** Whether TensorFlow's SAME pads this side as much, and before as after. */
        private static boolean isSame(int size, int window, int stride, int padding) {
            int outputs = (size + stride - 1) / stride;
            int total = Math.max((outputs - 1) * stride + window - size, 0);
            return outputs == outputs(size, window, stride, padding) && total == 2 * padding;
        }
    }
}
