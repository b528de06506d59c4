package dev.byol.examples;

import com.sun.management.OperatingSystemMXBean;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import dev.byol.tf.Precision;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The memory of a training process, from the shapes of its network: known before anything is built. In bytes, and in double arithmetic,
 * so that absurd sizes do not overflow.
 *
 * @param activations outputs of the convolutions that the gradient comes back to, in all views
 * @param squares what the gradient comes back to of values that are squared, as group and layer norms do, always in float32
 * @param parameters the trained parameters
 * @param variables all that is saved: parameters, the optimizer's momentum, the target
 * @param tiled those of the trained kernels that TensorFlow gets as tiles, by Winograd's algorithm
 * @param products gradients of matrices before they are added: one for each use, such as a view's
 * @param carried what micro-batches hand on; 0 if a batch is one
 * @param largest number of values of the largest parameter
 */
record MemoryNeed(
        double activations,
        double squares,
        double parameters,
        double variables,
        double tiled,
        double products,
        double carried,
        double largest) {
    /** Java without its heap, TensorFlow, and what both keep beside a network: measured on the CPU. */
    private static final double LIBRARIES = 480.0 * (1 << 20);
    /** Of loader, probes and report, beside copies of the variables: measured. */
    private static final double JAVA = 200.0 * (1 << 20);

    /** By default JavaCPP gives a process four times the largest Java heap, of resident memory. */
    private static final int HEAPS = 4;

    private static final List<String> JAVACPP = Stream.of(
                    "maxbytes", "maxBytes", "maxphysicalbytes", "maxPhysicalBytes")
            .map(name -> "org.bytedeco.javacpp." + name)
            .toList();

    private static final double LARGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final double MIB = 1 << 20;

    /**
     * What a step needs, which this machine has.
     *
     * @param batch images in a step
     * @param microBatch images of them that are computed at a time
     * @throws BadInput as {@link #require}
     */
    static MemoryNeed checked(Method method, Precision precision, int batch, int microBatch, int crop) {
        double memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        double heap = (double) Runtime.getRuntime().maxMemory();
        return checked(method, precision, batch, microBatch, crop, new Limits(memory, heap, resident(heap)));
    }

    /** JavaCPP's limit; none where somebody has set it, who then knows. */
    private static double resident(double heap) {
        return JAVACPP.stream().anyMatch(name -> System.getProperty(name) != null)
                ? Double.POSITIVE_INFINITY
                : HEAPS * heap;
    }

    /**
     * What there is, in bytes.
     *
     * @param memory of the machine
     * @param heap that the JVM may take
     * @param resident that JavaCPP lets the process have, before it refuses tensors
     */
    record Limits(double memory, double heap, double resident) {}

    /** The same within limits. */
    static MemoryNeed checked(Method method, Precision precision, int batch, int microBatch, int crop, Limits limits) {
        String sizes = "--crop " + crop + " with --batch " + batch
                + (batch == microBatch ? "" : " in parts of --micro-batch " + microBatch);
        double view = 3.0 * crop * crop * batch;
        require(view <= LARGEST_ARRAY, sizes + " makes views of %.0f bytes, at most %.0f fit", view, LARGEST_ARRAY);
        MemoryNeed need;
        try {
            need = of(method, precision, batch, microBatch, crop);
        } catch (ArithmeticException e) { // more values than an int counts
            throw new BadInput(sizes + " makes activations that no tensor holds: " + e.getMessage());
        }
        require(
                need.largest <= LARGEST_ARRAY,
                "the network has a parameter of %.0f weights (--mlp), at most %.0f fit",
                need.largest,
                LARGEST_ARRAY);
        require(
                need.heap() <= limits.heap,
                "the network with its momentum and target (--encoder, --mlp) needs about %.0f MiB of Java heap to be saved,"
                        + " there are %.0f MiB: more is given by BYOL_JAVA_OPTIONS=-Xmx...",
                need.heap() / MIB,
                limits.heap / MIB);
        require(
                need.peak() <= limits.memory,
                sizes
                        + " needs about %.0f MiB of memory, this machine has %.0f MiB: lower --micro-batch or --crop, or take a"
                        + " smaller --encoder",
                need.peak() / MIB,
                limits.memory / MIB);
        require(
                need.peak() <= limits.resident,
                sizes
                        + " needs about %.0f MiB of memory, JavaCPP lets a process with this Java heap have %.0f MiB: more is"
                        + " given by BYOL_JAVA_OPTIONS=-Xmx...",
                need.peak() / MIB,
                limits.resident / MIB);
        return need;
    }

    static MemoryNeed of(Method method, Precision precision, int batch, int microBatch, int crop) {
        StepGraph step = StepGraph.training(Collections.nCopies(method.views(), Shape.of(microBatch, crop, crop, 3)));
        Set<Node> trained = Ancestors.differentiated(step.record(method, List.of()));
        int bytes = precision == Precision.BFLOAT16 ? Short.BYTES : Float.BYTES;
        double activations = 0;
        double squares = 0;
        double products = 0;
        Set<Node> tiled = new HashSet<>();
        for (Node node : trained) {
            if (node.op() == Op.Pointwise.SQUARE) {
                squares += Float.BYTES * size(node);
            } else if (node.op() == Op.Plain.MATMUL && node.input(1) instanceof ParameterNode matrix) {
                products += Float.BYTES * size(matrix);
            } else if (node.op() instanceof Op.Conv2d convolution) {
                activations += bytes * size(node);
                if (precision == Precision.FLOAT32
                        && convolution.stride() == 1
                        && node.input(1).shape().dimension(0) == 3) {
                    tiled.add(node.input(1));
                }
            }
        }
        double parameters = bytes(step.trained());
        double variables = bytes(step.parameters()) + parameters;
        double largest =
                step.parameters().stream().mapToDouble(MemoryNeed::size).max().orElse(0);
        return new MemoryNeed(
                activations,
                squares,
                parameters,
                variables,
                bytes(tiled),
                products,
                batch == microBatch ? 0 : parameters,
                largest);
    }

    private static double bytes(Collection<? extends Node> parameters) {
        return parameters.stream().mapToDouble(p -> Float.BYTES * size(p)).sum();
    }

    private static double size(Node node) {
        double size = 1;
        for (int d : node.shape().dimensions()) {
            size *= d;
        }
        return size;
    }

    /**
     * What the engine takes. For each activation: itself in its view, what the ReLU makes of it, the views joined for the next convolution,
     * tiles of it where that is Winograd's, and what is under way. More where a norm is made of single operations. Variables twice, since
     * new values wait for one another; gradients, those of matrices also before they are added; and kernels as tiles, for both branches and
     * the gradient. Micro-batches keep a sum and make the next. Factors are measured.
     */
    double engine() {
        return 5.2 * activations + 2 * squares + 2 * variables + parameters + products + 10 * tiled + 2 * carried;
    }

    /** Java heap to save all variables: their values, and one of them as bytes. */
    double heap() {
        return variables + Float.BYTES * largest;
    }

    /**
     * Resident memory of the process at its highest.
     *
     * @param initialHeap bytes that the JVM starts with: it uses them up before it collects, and grows them for what lives in them
     */
    double peak(double initialHeap) {
        return LIBRARIES + engine() + Math.max(initialHeap, JAVA + 3 * heap());
    }

    /** The same of this process. */
    double peak() {
        return peak((double)
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getInit());
    }

    private static void require(boolean condition, String message, double found, double limit) {
        if (!condition) {
            throw new BadInput(String.format(Locale.ROOT, message, found, limit));
        }
    }
}
