package dev.byol.examples;

import com.sun.management.OperatingSystemMXBean;
import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;

/** Whether a step can fit this machine at all, from the shapes of its activations. */
final class MemoryNeed {
    private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

    private MemoryNeed() {}

    /**
     * Fails when the activations that the gradient needs are larger than the memory of the machine.
     *
     * @throws BadInput with both numbers
     */
    static void check(Method method, int batch, int crop) {
        long view = 3L * crop * crop * batch;
        long memory = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        if (view > LARGEST_ARRAY) {
            throw new BadInput("--crop " + crop + " with --batch " + batch + " makes views of " + view
                    + " bytes, at most " + LARGEST_ARRAY + " fit");
        }
        long need = activations(method, batch, crop);
        if (need > memory) {
            throw new BadInput("--crop " + crop + " with --batch " + batch + " needs about " + (need >> 20)
                    + " MiB for activations, this machine has " + (memory >> 20) + " MiB");
        }
    }

    /** Bytes of the convolutions' outputs on the trained branch, which live until the gradient has passed. */
    static long activations(Method method, int batch, int crop) {
        StepGraph step = StepGraph.training(Collections.nCopies(method.views(), Shape.of(batch, crop, crop, 3)));
        step.record(method, List.of());
        return step.nodes().stream()
                .filter(node -> node.op() instanceof Op.Conv2d
                        && node.input(1).toString().startsWith("online/"))
                .mapToLong(MemoryNeed::bytes)
                .sum();
    }

    private static long bytes(Node node) {
        long size = Float.BYTES;
        for (int d : node.shape().dimensions()) {
            size *= d;
        }
        return size;
    }
}
