package dev.byol.tf;

import dev.byol.api.graph.Node;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of a loss with respect to all online parameters: TensorFlow's, but for the kernels that the lowering
 * detached. Of those TensorFlow gives the gradient of the convolution's output; what follows from it for the kernel is
 * described here, and flows on from the kernel to the parameters that it was made from.
 */
final class Gradients {
    private final Graph graph;
    private final Ops tf;
    private final Map<Output<?>, List<Operand<TFloat32>>> sums = new LinkedHashMap<>();

    /**
     * What was found.
     *
     * @param all the gradient of every trained parameter
     * @param ofLoss the parameters that the method's loss itself reaches; the rest are those of losses beside it alone
     */
    record Found(Map<ParameterNode, Node> all, Set<ParameterNode> ofLoss) {}

    private Gradients(Graph graph, Ops tf) {
        this.graph = graph;
        this.tf = tf;
    }

    /**
     * Describes the gradient of every trained parameter, of the loss and of those {@linkplain StepGraph#alongside beside} it. Each is taken
     * by itself, so that what another one adds to the graph changes no operation of it.
     *
     * @throws IllegalStateException if there is nothing to train, or a parameter has no gradient: the message names each
     */
    static Found of(Graph graph, Ops tf, StepGraph step, Operand<TFloat32> loss, Lowering lowering) {
        if (step.trained().isEmpty()) {
            throw new IllegalStateException("the method has no online parameters: there is nothing to train");
        }
        Map<ParameterNode, Output<?>> reads = new LinkedHashMap<>();
        step.trained().forEach(p -> reads.put(p, lowering.float32(p).asOutput()));
        Gradients gradients = new Gradients(graph, tf);
        List<Output<?>> all = List.copyOf(reads.values());
        gradients.describe(loss, all, lowering.detached());
        Set<ParameterNode> ofLoss = new LinkedHashSet<>(reads.keySet());
        ofLoss.removeIf(parameter -> !gradients.sums.containsKey(reads.get(parameter)));
        step.alongside().forEach(other -> gradients.describe(lowering.float32(other), all, lowering.detached()));
        Map<ParameterNode, Node> result = new LinkedHashMap<>();
        List<ParameterNode> missing = new ArrayList<>();
        reads.forEach((parameter, read) -> {
            List<Operand<TFloat32>> parts = gradients.sums.getOrDefault(read, List.of());
            if (parts.isEmpty()) {
                missing.add(parameter);
            } else {
                Operand<TFloat32> sum = parts.size() == 1 ? parts.get(0) : tf.math.addN(parts);
                result.put(parameter, step.external(parameter.shape(), sum));
            }
        });
        if (!missing.isEmpty()) {
            throw new IllegalStateException("the loss has no gradient with respect to " + missing
                    + ": these online parameters do not reach it, or only through operations without a gradient");
        }
        return new Found(result, ofLoss);
    }

    private void describe(Operand<TFloat32> loss, List<Output<?>> reads, List<DetachedKernel> detached) {
        Set<GraphOperation> used = graph.subgraphTo(Set.of(loss));
        List<DetachedKernel> kernels = detached.stream()
                .filter(k -> used.contains((GraphOperation) k.output().op()))
                .toList();
        List<Output<?>> wanted = new ArrayList<>(reached(reads, used));
        kernels.forEach(k -> wanted.add(k.output().asOutput()));
        Output<?>[] found = add(new Output<?>[] {loss.asOutput()}, wanted);
        List<Output<?>> sources = new ArrayList<>();
        List<Output<?>> given = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            if (!exists(found[i])) {
                continue;
            }
            int index = i - (wanted.size() - kernels.size());
            if (index < 0) {
                keep(wanted.get(i), found[i]);
                continue;
            }
            Output<?> kernel = kernels.get(index).kernel().asOutput();
            Output<?> gradient = kernels.get(index).gradient(tf, found[i]).asOutput();
            if (reads.contains(kernel)) {
                keep(kernel, gradient);
            } else {
                sources.add(kernel);
                given.add(gradient);
            }
        }
        if (!sources.isEmpty()) {
            Set<GraphOperation> before = graph.subgraphTo(new HashSet<>(sources));
            List<Output<?>> parameters = reached(reads, before);
            Output<?>[] more = add(sources.toArray(Output<?>[]::new), parameters, given.toArray(Output<?>[]::new));
            for (int i = 0; i < more.length; i++) {
                if (exists(more[i])) {
                    keep(parameters.get(i), more[i]);
                }
            }
        }
    }

    /** TensorFlow refuses what does not lead to the value, without its name: it is left out here. */
    static List<Output<?>> reached(List<Output<?>> reads, Set<GraphOperation> used) {
        List<Output<?>> reached = new ArrayList<>();
        for (Output<?> read : reads) {
            if (used.contains((GraphOperation) read.op())) {
                reached.add(read);
            }
        }
        return reached;
    }

    private Output<?>[] add(Output<?>[] of, List<Output<?>> wanted, Output<?>... given) {
        if (wanted.isEmpty()) {
            return new Output<?>[0];
        }
        try {
            return graph.addGradients(null, of, wanted.toArray(Output<?>[]::new), given);
        } catch (TensorFlowException e) {
            throw new IllegalStateException("the loss has no gradient: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private void keep(Output<?> read, Output<?> gradient) {
        sums.computeIfAbsent(read, key -> new ArrayList<>()).add((Operand<TFloat32>) gradient);
    }

    /** A gradient that does not exist comes back as an output without an operation behind it. */
    static boolean exists(Output<?> gradient) {
        try {
            return gradient.index() >= 0 && !gradient.op().name().isEmpty();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
