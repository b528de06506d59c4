package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The way from a {@link Tensor} to TensorFlow's own operations and back. Usable while a step is described for this engine. */
public final class Tf {
    private Tf() {}

    /** The float32 operand behind a tensor. */
    @SuppressWarnings("unchecked")
    public static Operand<TFloat32> operand(Tensor tensor) {
        return tensor.unwrap(Operand.class);
    }

    /** The operations of the graph that a tensor belongs to. */
    public static Ops ops(Tensor tensor) {
        return tensor.unwrap(Ops.class);
    }

    /**
     * A tensor for an operand made with {@link #ops}.
     *
     * @param like any tensor of the same step
     * @throws IllegalArgumentException if the operand's rank is unknown
     */
    public static Tensor tensor(Operand<TFloat32> operand, Tensor like) {
        if (!(like instanceof Node node)) {
            throw new IllegalArgumentException("expected a tensor of a step, got " + like);
        }
        org.tensorflow.ndarray.Shape shape = operand.shape();
        if (shape.isUnknown()) {
            throw new IllegalArgumentException("the rank of " + operand + " is unknown: reshape it first");
        }
        return node.graph().external(shape(shape), operand);
    }

    static Shape shape(org.tensorflow.ndarray.Shape shape) {
        return Shape.of(
                Arrays.stream(shape.asArray()).mapToInt(Math::toIntExact).toArray());
    }

    static org.tensorflow.ndarray.Shape shape(Shape shape) {
        return org.tensorflow.ndarray.Shape.of(
                Arrays.stream(shape.dimensions()).asLongStream().toArray());
    }
}
