package dev.byol.tf;

import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * Says where the first value of a step comes from that is not finite: computes the step that failed once more, without its writes, and
 * looks at the values in the order of the computation, forward to the loss, back to the gradients, then on to the new parameters.
 */
final class Diagnosis {
    /**
     * What is looked at.
     *
     * @param gradients of the parameters that the loss reaches, in the order of their first use
     */
    record Subject(StepGraph step, Node loss, Map<ParameterNode, Node> gradients) {}

    /**
     * Where it begins.
     *
     * @param operation in words; empty if nothing is found when it is computed again
     * @param parameter the nearest parameter by its name; empty if there is none
     */
    record Origin(Optional<String> operation, Optional<String> parameter) {
        static final Origin UNKNOWN = new Origin(Optional.empty(), Optional.empty());

        static Origin of(String operation, Optional<ParameterNode> parameter) {
            return new Origin(Optional.of(operation), parameter.map(ParameterNode::name));
        }
    }

    /** Some values of the step, and for each 1 if it is finite throughout, else 0. */
    private record Flags<T>(List<T> of, Operand<TFloat32> finite) {
        Optional<T> first(float[] found) {
            for (int i = 0; i < found.length; i++) {
                if (found[i] == 0) {
                    return Optional.of(of.get(i));
                }
            }
            return Optional.empty();
        }

        Optional<T> last(float[] found) {
            for (int i = found.length - 1; i >= 0; i--) {
                if (found[i] == 0) {
                    return Optional.of(of.get(i));
                }
            }
            return Optional.empty();
        }
    }

    private final Ops tf;
    private final Lowering lowering;
    private final Subject subject;
    private final Flags<Node> forward;
    private final Flags<Node> backward;
    private final Flags<ParameterNode> gradients;
    private final Flags<Node> update;
    private final Flags<ParameterNode> gradientSquares;
    private final Flags<ParameterNode> newSquares;
    private final Map<Node, Operand<TFloat32>> images = new LinkedHashMap<>();

    Diagnosis(Graph graph, Ops tf, Lowering lowering, Subject subject) {
        this.tf = tf;
        this.lowering = lowering;
        this.subject = subject;
        List<Node> toLoss = computed(List.of(subject.loss));
        List<ParameterNode> parameters = List.copyOf(subject.gradients.keySet());
        List<Node> next = parameters.stream().map(this::next).toList();
        List<Node> toUpdate = computed(next);
        toUpdate.removeAll(toLoss);
        Map<Node, Operand<TNumber>> back = backward(graph, toLoss);
        forward = flags(toLoss, toLoss.stream().map(this::value).toList());
        backward = flags(List.copyOf(back.keySet()), List.copyOf(back.values()));
        List<Operand<TFloat32>> given =
                subject.gradients.values().stream().map(lowering::float32).toList();
        gradients = flags(parameters, given);
        gradientSquares = squares(parameters, given);
        update = flags(toUpdate, toUpdate.stream().map(this::value).toList());
        newSquares = squares(parameters, next.stream().map(lowering::float32).toList());
        toLoss.stream()
                .filter(node -> node.op() instanceof Op.View)
                .forEach(view ->
                        images.put(view, finite(value(view), view.shape().dimension(0))));
    }

    private Node next(ParameterNode parameter) {
        return subject.step.next().getOrDefault(parameter, parameter);
    }

    /** What the engine computes on the way to some values, inputs before what is computed from them. */
    private List<Node> computed(List<? extends Node> of) {
        Set<Node> behind = Nodes.behind(of);
        List<Node> computed = new ArrayList<>(subject.step.nodes());
        computed.removeIf(node -> !behind.contains(node) || lowering.known(node).isEmpty());
        return computed;
    }

    private Operand<TNumber> value(Node node) {
        return lowering.known(node).orElseThrow();
    }

    /** The gradients of the loss with respect to the values that lead to it, where there are any. */
    private Map<Node, Operand<TNumber>> backward(Graph graph, List<Node> toLoss) {
        Operand<TNumber> loss = value(subject.loss);
        Map<Output<?>, Node> nodes = new LinkedHashMap<>();
        toLoss.forEach(node -> nodes.putIfAbsent(value(node).asOutput(), node));
        List<Output<?>> wanted = Gradients.reached(List.copyOf(nodes.keySet()), graph.subgraphTo(Set.of(loss)));
        Output<?>[] found = graph.addGradients(loss.asOutput(), wanted.toArray(Output<?>[]::new));
        Map<Node, Operand<TNumber>> back = new LinkedHashMap<>();
        for (int i = 0; i < found.length; i++) {
            if (Gradients.exists(found[i])) {
                back.put(nodes.get(wanted.get(i)), number(found[i]));
            }
        }
        return back;
    }

    @SuppressWarnings("unchecked")
    private static Operand<TNumber> number(Output<?> output) {
        return (Operand<TNumber>) (Operand<?>) output;
    }

    private <T> Flags<T> flags(List<T> of, List<? extends Operand<? extends TNumber>> values) {
        return new Flags<>(
                of,
                values.isEmpty()
                        ? tf.constant(new float[0])
                        : tf.stack(values.stream().map(x -> finite(x, 1)).toList()));
    }

    private Flags<ParameterNode> squares(List<ParameterNode> parameters, List<Operand<TFloat32>> values) {
        return flags(parameters, values.stream().map(x -> tf.nn.l2Loss(x)).toList());
    }

    /** One flag for each part of a value that is cut along its first axis. */
    private Operand<TFloat32> finite(Operand<? extends TNumber> x, int parts) {
        Operand<TFloat32> rows = tf.reshape(tf.dtypes.cast(x, TFloat32.class), tf.constant(new int[] {parts, -1}));
        return tf.dtypes.cast(tf.reduceAll(tf.math.isFinite(rows), tf.constant(1)), TFloat32.class);
    }

    /**
     * Looks for the origin.
     *
     * @param run of the step that failed, with all that it is fed
     * @param firstImage the position in the batch of the first image that is fed
     */
    Origin find(Session.Runner run, int firstImage) {
        List<Flags<?>> all = List.of(forward, backward, gradients, update, gradientSquares, newSquares);
        all.forEach(flags -> run.fetch(flags.finite));
        images.values().forEach(run::fetch);
        List<float[]> found = new ArrayList<>();
        try (Result result = run.run()) {
            for (int i = 0; i < result.size(); i++) {
                found.add(Memory.floats(result.get(i)));
            }
        }
        List<float[]> rows = found.subList(all.size(), found.size());
        return forward.first(found.get(0))
                .map(node -> ofValue(node, rows, firstImage))
                .or(() -> gradients
                        .last(found.get(2))
                        .map(parameter -> ofGradient(parameter, backward.last(found.get(1)), found.get(1))))
                .or(() -> update.first(found.get(3)).map(this::ofUpdate))
                .or(() -> ofSquare("a gradient", gradientSquares.first(found.get(4))))
                .or(() -> ofSquare("a new value", newSquares.first(found.get(5))))
                .orElse(Origin.UNKNOWN);
    }

    private Origin ofValue(Node node, List<float[]> rows, int firstImage) {
        if (node.op() instanceof Op.View view) {
            float[] finite = rows.get(List.copyOf(images.keySet()).indexOf(node));
            int image = 0;
            while (image < finite.length - 1 && finite[image] != 0) {
                image++;
            }
            return Origin.of("view " + view.index() + ", image " + (firstImage + image), Optional.empty());
        }
        return Origin.of(inWords(node), Nodes.nearestParameter(node));
    }

    /** At fault is what gets a finite gradient of its result and gives none of this input. */
    private Origin ofGradient(ParameterNode parameter, Optional<Node> input, float[] found) {
        Optional<Node> operation = input.flatMap(bad -> forward.of.stream()
                .filter(node -> node.inputs().contains(bad))
                .filter(node -> !backward.of.contains(node) || found[backward.of.indexOf(node)] != 0)
                .findFirst());
        return new Origin(operation.map(node -> "the gradient of " + inWords(node)), Optional.of(parameter.name()));
    }

    private Origin ofUpdate(Node node) {
        Optional<ParameterNode> moved = subject.gradients.keySet().stream()
                .filter(parameter -> Nodes.behind(List.of(next(parameter))).contains(node))
                .findFirst();
        return Origin.of("the update, at " + inWords(node), moved);
    }

    private static Optional<Origin> ofSquare(String of, Optional<ParameterNode> parameter) {
        return parameter.map(p -> Origin.of("the square of " + of, parameter));
    }

    private static String inWords(Node node) {
        Op op = node.op();
        if (node instanceof ParameterNode parameter) {
            return "the parameter " + parameter.name();
        } else if (op instanceof Op.ReadState read) {
            return "the state " + read.state().name();
        } else if (op instanceof Op.Input input) {
            return "the input " + input.name();
        } else if (op instanceof Op.Scheduled scheduled) {
            return "the schedule " + scheduled.schedule();
        }
        return node.toString();
    }
}
