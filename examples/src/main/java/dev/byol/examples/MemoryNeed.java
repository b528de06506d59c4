package dev.byol.examples;

import com.sun.management.OperatingSystemMXBean;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What a step needs, roughly, from the shapes of the network: known before anything is built. In double arithmetic, so that
 * absurd sizes do not overflow.
 *
 * @param activations bytes of the outputs of all convolutions and norms of both branches
 * @param parameters bytes of the trained parameters
 * @param variables bytes of all that is saved: parameters, the optimizer's momentum, the target
 * @param largest number of values of the largest parameter
 */
record MemoryNeed(double activations, double parameters, double variables, double largest) {
    private static final double LARGEST_ARRAY = Integer.MAX_VALUE - 8;
    private static final double MIB = 1 << 20;

    /** Fails when a step cannot fit this machine: its memory and this JVM's heap. */
    static void check(Method method, int batch, int crop) {
        double memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        check(method, batch, crop, memory, (double) Runtime.getRuntime().maxMemory());
    }

    /**
     * Fails when a step needs more than there is.
     *
     * @param memory bytes of the machine
     * @param heap bytes of them that the JVM may take
     * @throws BadInput with what is needed and what there is
     */
    static void check(Method method, int batch, int crop, double memory, double heap) {
        String sizes = "--crop " + crop + " with --batch " + batch;
        double view = 3.0 * crop * crop * batch;
        require(view <= LARGEST_ARRAY, sizes + " makes views of %.0f bytes, at most %.0f fit", view, LARGEST_ARRAY);
        MemoryNeed need;
        try {
            need = of(method, batch, crop);
        } catch (ArithmeticException e) { // more values than an int counts
            throw new BadInput(sizes + " makes activations that no tensor holds: " + e.getMessage());
        }
        require(
                need.largest <= LARGEST_ARRAY,
                "the network has a parameter of %.0f weights (--mlp), at most %.0f fit",
                need.largest,
                LARGEST_ARRAY);
        require(
                need.heap() <= heap,
                "the network with its momentum and target (--encoder, --mlp) needs about %.0f MiB of Java heap to be saved,"
                        + " there are %.0f MiB: more is given by BYOL_JAVA_OPTIONS=-Xmx...",
                need.heap() / MIB,
                heap / MIB);
        require(
                need.resident() <= memory - heap,
                sizes + " needs about %.0f MiB of memory outside the Java heap, this machine has %.0f MiB",
                need.resident() / MIB,
                (memory - heap) / MIB);
    }

    static MemoryNeed of(Method method, int batch, int crop) {
        StepGraph step = StepGraph.training(Collections.nCopies(method.views(), Shape.of(batch, crop, crop, 3)));
        step.record(method, List.of());
        double activations = step.nodes().stream()
                .filter(MemoryNeed::isActivation)
                .mapToDouble(node -> Float.BYTES * size(node))
                .sum();
        double trained = bytes(List.copyOf(step.trained()));
        double all = bytes(List.copyOf(step.parameters()));
        double largest =
                step.parameters().stream().mapToDouble(MemoryNeed::size).max().orElse(0);
        return new MemoryNeed(activations, trained, all + trained, largest);
    }

    private static boolean isActivation(Node node) {
        return node.op() instanceof Op.Conv2d || node.op() instanceof Op.BatchNormalize;
    }

    private static double bytes(List<ParameterNode> parameters) {
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
     * Bytes outside the Java heap: activations, and value, momentum, target and gradient of each parameter. With a ResNet-18
     * and a ResNet-50 at batches of 8 to 64 on the CPU, resident memory grows by 0.8 to 1.0 bytes for a byte of these
     * activations; gradients and what else is kept for them take the place of what is freed.
     */
    double resident() {
        return activations + variables + parameters;
    }

    /** Bytes of Java heap to save all variables: their values, and one of them as bytes. */
    double heap() {
        return variables + Float.BYTES * largest;
    }

    private static void require(boolean condition, String message, double found, double limit) {
        if (!condition) {
            throw new BadInput(String.format(Locale.ROOT, message, found, limit));
        }
    }
}
