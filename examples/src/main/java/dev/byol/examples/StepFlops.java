package dev.byol.examples;

import dev.byol.api.Method;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.StepGraph;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The work in the convolutions and matrix products of a training step, as its description has them: however they are computed, padding
 * counts as pixels. A multiplication and its addition are two operations.
 */
final class StepFlops {
    private StepFlops() {}

    /** Of a step on views of {@code [batch, side, side, 3]}. */
    static double of(Method method, int batch, int side) {
        StepGraph step = StepGraph.training(Collections.nCopies(method.views(), Shape.of(batch, side, side, 3)));
        Node loss = step.record(method, List.of());
        Set<Node> differentiated = Ancestors.differentiated(loss);
        Set<Node> trained = Ancestors.dependOnTrained(step, differentiated);
        return Ancestors.computed(loss).stream()
                .mapToDouble(node -> forward(node) * (differentiated.contains(node) ? 1 + gradients(node, trained) : 1))
                .sum();
    }

    /** A gradient is as much work as the way forward, and there is one for each input that depends on what is trained. */
    private static long gradients(Node node, Set<Node> trained) {
        return node.inputs().stream().filter(trained::contains).count();
    }

    private static double forward(Node node) {
        if (node.op() instanceof Op.Conv2d) {
            Shape kernel = node.input(1).shape(); // [h, w, in, out]
            return 2.0 * node.shape().size() * kernel.dimension(0) * kernel.dimension(1) * kernel.dimension(2);
        } else if (node.op() == Op.Plain.MATMUL) {
            return 2.0 * node.shape().size() * node.input(0).shape().dimension(1);
        }
        return 0;
    }
}
