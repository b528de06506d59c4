package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * How the micro-batches of a step hand on what they have so far: sums of gradients and states, in variables of their own that no
 * checkpoint knows. The step's variables are written by its last micro-batch alone, so that a step that fails changes nothing.
 */
final class Accumulation {
    private final Ops tf;
    private final Variables carried;
    private final List<org.tensorflow.op.Op> writes = new ArrayList<>();

    /** Whether a run is the first of its step, a scalar. */
    final Placeholder<TBool> first;

    Accumulation(Ops tf) {
        this.tf = tf;
        this.carried = new Variables(tf);
        this.first = tf.placeholder(TBool.class, Placeholder.shape(org.tensorflow.ndarray.Shape.scalar()));
    }

    /** What the micro-batch before handed on, or the start in the first one. */
    Operand<TFloat32> before(String name, Shape shape, Operand<TFloat32> start) {
        return tf.select(first, start, carried.read(carriedName(name), shape));
    }

    /** Hands a value on to the next micro-batch. */
    void handOn(String name, Shape shape, Operand<TFloat32> value) {
        writes.add(carried.assign(carriedName(name), shape, value, List.of()));
    }

    /** What every micro-batch but the last one runs. */
    List<org.tensorflow.op.Op> writes() {
        return List.copyOf(writes);
    }

    /** Variables must have a value before they are read, even where it is not used. */
    void start(Session session) {
        Map<String, float[]> zeros = new LinkedHashMap<>();
        carried.shapes().forEach((name, shape) -> zeros.put(name, new float[shape.size()]));
        carried.write(session, zeros);
    }

    /**
     * Refuses a loss that compares the images of a batch with one another, which many small batches cannot stand for: one that multiplies
     * two matrices both made from the batch, as in-batch negatives and cross-correlations are.
     *
     * @param loss as it was recorded for a micro-batch
     * @throws IllegalArgumentException if there is such a product; the message shows it
     */
    static void requireApart(Node loss, int microBatch, int batch) {
        Set<Node> behind = Nodes.behind(List.of(loss));
        Set<Node> ofBatch = new HashSet<>();
        for (Node node : loss.graph().nodes()) {
            if (isRow(node, microBatch) || node.inputs().stream().anyMatch(ofBatch::contains)) {
                ofBatch.add(node);
            }
            if (node.op() == Op.Plain.MATMUL && behind.contains(node) && ofBatch.containsAll(node.inputs())) {
                throw new IllegalArgumentException(
                        "the loss compares the images of a batch with one another, by a product of "
                                + node.input(0).shape() + " and "
                                + node.input(1).shape() + ": micro-batches of " + microBatch
                                + " are not a batch of " + batch
                                + " to it. Leave microBatch away, or take negatives from a queue");
            }
        }
    }

    private static boolean isRow(Node node, int microBatch) {
        return node.op() instanceof Op.View || (node.op() instanceof Op.Input && isOfRows(node.shape(), microBatch));
    }

    /** Whether an input has a row for each image of a micro-batch. */
    static boolean isOfRows(Shape shape, int microBatch) {
        return shape.rank() > 0 && shape.dimension(0) == microBatch;
    }

    private static String carriedName(String name) {
        return "carried/" + name;
    }
}
