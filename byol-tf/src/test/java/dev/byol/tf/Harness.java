package dev.byol.tf;

import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Runs any recorded value on the engine, with gradients: what the golden and the finite-difference tests stand on. */
final class Harness implements AutoCloseable {
    final StepGraph step;
    private final ChosenDevice device = device();
    private final Graph graph = new Graph();
    private final Ops tf = device.place(Ops.create(graph));
    private final Variables variables = new Variables(tf);
    private final Map<Op, Placeholder<TFloat32>> fed = new HashMap<>();
    private final Lowering lowering;
    private final Map<String, float[]> values = new HashMap<>();

    private Harness(StepGraph step, Precision precision) {
        this.step = step;
        this.lowering = new Lowering(tf, step, this::leaf, precision, device);
    }

    /** The GPU that {@code -Dbyol.device} names, as {@code examples/gpu-check} does; else the CPU, whatever else there is. */
    static ChosenDevice device() {
        DeviceChoice named = DeviceChoice.standard();
        return (named.gpu().isPresent() ? named : DeviceChoice.CPU).settle();
    }

    static Harness training(Shape... views) {
        return new Harness(StepGraph.training(List.of(views)), Precision.FLOAT32);
    }

    static Harness inference(Shape view) {
        return new Harness(StepGraph.inference(view), Precision.FLOAT32);
    }

    static Harness reduced(Shape... views) {
        return new Harness(StepGraph.training(List.of(views)), Precision.BFLOAT16);
    }

    private Operand<TFloat32> leaf(Node node) {
        if (node instanceof ParameterNode parameter) {
            return variables.read(parameter.name(), parameter.shape());
        } else if (node.op() instanceof Op.ReadState read) {
            return variables.read(read.state().name(), node.shape());
        }
        return fed.computeIfAbsent(
                node.op(), op -> tf.placeholder(TFloat32.class, Placeholder.shape(Tf.shape(node.shape()))));
    }

    /** The gradients of a loss with respect to all online parameters, as training takes them. */
    Map<ParameterNode, Node> trained(Tensor loss) {
        return Gradients.of(graph, tf, step, lowering.float32((Node) loss), lowering)
                .all();
    }

    /** The values after the step of all variables that change, by name. */
    Map<String, Node> next() {
        Map<String, Node> next = new LinkedHashMap<>();
        step.next().forEach((parameter, value) -> next.put(parameter.name(), value));
        step.states().forEach(state -> state.next().ifPresent(value -> next.put(state.name(), value)));
        return next;
    }

    /** Computes the update as on a GPU: all alike tensors at once. */
    void join() {
        lowering.join(next().values(), List.of());
    }

    /** How many kernels have their gradients by {@link DetachedKernel}. */
    int detached() {
        return lowering.detached().size();
    }

    /** The gradient of a scalar with respect to a leaf. */
    Tensor gradient(Tensor scalar, Tensor leaf) {
        return gradients(scalar, List.of(leaf)).get(0);
    }

    /** The gradients of a scalar with respect to leaves, in one backward pass. */
    List<Tensor> gradients(Tensor scalar, List<? extends Tensor> leaves) {
        Output<?>[] values = leaves.stream()
                .map(leaf -> lowering.float32((Node) leaf).asOutput())
                .toArray(Output<?>[]::new);
        Output<?>[] gradients =
                graph.addGradients(lowering.float32((Node) scalar).asOutput(), values);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < gradients.length; i++) {
            tensors.add(step.external(leaves.get(i).shape(), gradients[i]));
        }
        return tensors;
    }

    /** The number of the graph's operations of a type, such as {@code Conv2D}. */
    int count(String type) {
        int count = 0;
        for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
            count += all.next().type().equals(type) ? 1 : 0;
        }
        return count;
    }

    /** Sets a variable, such as {@code online/encoder/conv1/kernel}; others start as their initialiser says. */
    Harness set(String variable, float[] value) {
        values.put(variable, value);
        return this;
    }

    /** Computes values. Views are fed under {@code view0} and so on, inputs under their names. */
    Map<String, float[]> run(Map<String, Tensor> outputs, Map<String, float[]> inputs) {
        Map<String, Operand<TFloat32>> operands = new LinkedHashMap<>();
        outputs.forEach((name, tensor) -> operands.put(name, tf.identity(lowering.float32((Node) tensor))));
        Map<String, float[]> start = new LinkedHashMap<>();
        for (ParameterNode p : step.parameters()) {
            start.put(p.name(), p.initializer().draw(p.shape(), 1));
        }
        for (StateNode s : step.states()) {
            start.put(s.name(), s.initializer().draw(s.shape(), 1));
        }
        values.keySet().forEach(name -> {
            if (!start.containsKey(name)) {
                throw new IllegalArgumentException("no variable " + name + " in " + start.keySet());
            }
        });
        start.putAll(values);
        start.keySet().retainAll(variables.shapes().keySet());
        List<TFloat32> tensors = new ArrayList<>();
        try (Session session = new Session(graph, device.config())) {
            variables.write(session, start);
            Session.Runner runner = session.runner();
            fed.forEach((op, placeholder) -> {
                String name = op instanceof Op.View view
                        ? "view" + view.index()
                        : op instanceof Op.Input input ? input.name() : op.toString();
                float[] value = inputs.get(name);
                if (value == null) {
                    throw new IllegalArgumentException(name + " is needed and not in " + inputs.keySet());
                }
                TFloat32 tensor = TFloat32.tensorOf(known(placeholder.shape(), value.length));
                Memory.copy(value, tensor);
                tensors.add(tensor);
                runner.feed(placeholder, tensor);
            });
            operands.values().forEach(runner::fetch);
            Map<String, float[]> results = new LinkedHashMap<>();
            try (Result result = runner.run()) {
                int i = 0;
                for (String name : operands.keySet()) {
                    results.put(name, Memory.floats(result.get(i++)));
                }
            }
            return results;
        } finally {
            tensors.forEach(TFloat32::close);
        }
    }

    /** The shape with its unknown batch as large as the values make it. */
    private static org.tensorflow.ndarray.Shape known(org.tensorflow.ndarray.Shape shape, int values) {
        long[] dimensions = shape.asArray();
        long rest = 1;
        for (long d : dimensions) {
            rest *= Math.max(d, 1);
        }
        if (dimensions.length > 0 && dimensions[0] < 0) {
            dimensions[0] = values / rest;
        }
        return org.tensorflow.ndarray.Shape.of(dimensions);
    }

    @Override
    public void close() {
        graph.close();
    }
}
