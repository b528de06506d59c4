package dev.byol.optim;

import dev.byol.api.Initializer;
import dev.byol.api.Optimizer;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StateNode;
import dev.byol.api.graph.StepGraph;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/**
 * Runs a recorded update on vectors of doubles, with gradients of the test's own: a rule's arithmetic without an engine.
 * A vector has any length; scalars stretch.
 */
final class Rehearsal {
    private final StepGraph graph = StepGraph.training(List.of());
    private final Map<ParameterNode, Node> gradients = new LinkedHashMap<>();
    private final Map<ParameterNode, double[]> parameters = new LinkedHashMap<>();
    private final Map<StateNode, double[]> states = new LinkedHashMap<>();
    private final Map<String, double[]> reports = new LinkedHashMap<>();
    private long step;

    /** Adds an online parameter with its start values. */
    Rehearsal parameter(String path, Role role, double... start) {
        Shape shape = Shape.of(start.length);
        ParameterNode node = (ParameterNode) graph.online().parameter(path, shape, role, Initializer.zeros());
        gradients.put(node, (Node) graph.input(path, shape));
        parameters.put(node, start);
        return this;
    }

    /** Records the rule; all parameters must be there. */
    Rehearsal by(Optimizer optimizer) {
        graph.update(optimizer, gradients);
        graph.states()
                .forEach(state -> states.put(state, new double[state.shape().size()]));
        return this;
    }

    /** The names of all slots, in the order of their first use. */
    List<String> slots() {
        return graph.states().stream().map(StateNode::name).toList();
    }

    StepGraph graph() {
        return graph;
    }

    /** One step with a gradient for each path. */
    void step(Map<String, double[]> gradient) {
        Map<Node, double[]> known = new LinkedHashMap<>();
        Map<ParameterNode, double[]> next = new LinkedHashMap<>();
        graph.next().forEach((parameter, value) -> next.put(parameter, evaluate(value, gradient, known)));
        Map<StateNode, double[]> nextStates = new LinkedHashMap<>();
        states.keySet()
                .forEach(state ->
                        state.next().ifPresent(value -> nextStates.put(state, evaluate(value, gradient, known))));
        graph.reports().forEach((name, value) -> reports.put(name, evaluate(value, gradient, known)));
        parameters.putAll(next);
        states.putAll(nextStates);
        step++;
    }

    /** One step of the only parameter. */
    double[] step(double... gradient) {
        String path = parameters.keySet().iterator().next().path();
        step(Map.of(path, gradient));
        return value(path);
    }

    /** The current value of a parameter. */
    double[] value(String path) {
        return parameters.entrySet().stream()
                .filter(entry -> entry.getKey().path().equals(path))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** The current value of a slot. */
    double[] slot(String name) {
        return states.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** What the last step reported, by name. */
    Map<String, Double> reports() {
        Map<String, Double> scalars = new LinkedHashMap<>();
        reports.forEach((name, value) -> scalars.put(name, value[0]));
        return scalars;
    }

    private double[] evaluate(Node node, Map<String, double[]> gradient, Map<Node, double[]> known) {
        double[] value = known.get(node);
        if (value == null) {
            double[][] in = node.inputs().stream()
                    .map(input -> evaluate(input, gradient, known))
                    .toArray(double[][]::new);
            value = apply(node, in, gradient);
            known.put(node, value);
        }
        return value;
    }

    private double[] apply(Node node, double[][] in, Map<String, double[]> gradient) {
        Op op = node.op();
        if (node instanceof ParameterNode parameter) {
            return parameters.get(parameter);
        } else if (op instanceof Op.ReadState read) {
            return states.get(read.state());
        } else if (op instanceof Op.Input input) {
            return gradient.get(input.name());
        } else if (op instanceof Op.Constant constant) {
            return new double[] {constant.value()};
        } else if (op instanceof Op.Scheduled scheduled) {
            return new double[] {scheduled.schedule().at(step)};
        } else if (op instanceof Op.Reduce reduce && !reduce.keep()) {
            double sum = Arrays.stream(in[0]).sum();
            return new double[] {reduce.mean() ? sum / in[0].length : sum};
        } else if (op == Op.Plain.STOP_GRADIENT) {
            return in[0];
        } else if (op instanceof Op.Pointwise pointwise) {
            return pointwise(pointwise, in);
        }
        throw new UnsupportedOperationException("a rehearsal does not know " + node);
    }

    private static double[] pointwise(Op.Pointwise op, double[][] in) {
        return switch (op) {
            case PLUS -> zip(in, (a, b) -> a + b);
            case MINUS -> zip(in, (a, b) -> a - b);
            case TIMES -> zip(in, (a, b) -> a * b);
            case DIVIDED_BY -> zip(in, Rehearsal::divide);
            case MAXIMUM -> zip(in, Math::max);
            case MINIMUM -> zip(in, Math::min);
            case NEGATE -> Arrays.stream(in[0]).map(a -> -a).toArray();
            case SQUARE -> Arrays.stream(in[0]).map(a -> a * a).toArray();
            case SQRT -> Arrays.stream(in[0]).map(Math::sqrt).toArray();
            case WHERE_POSITIVE -> wherePositive(in[0], in[1], in[2]);
            default -> throw new UnsupportedOperationException("a rehearsal does not know " + op);
        };
    }

    /** 0 / 0 fails even where its result is not chosen. */
    private static double divide(double a, double b) {
        if (b == 0) {
            throw new ArithmeticException(a + " / 0");
        }
        return a / b;
    }

    private static double[] wherePositive(double[] condition, double[] then, double[] otherwise) {
        double[] result = new double[Math.max(condition.length, Math.max(then.length, otherwise.length))];
        Arrays.setAll(result, i -> at(condition, i) > 0 ? at(then, i) : at(otherwise, i));
        return result;
    }

    private static double[] zip(double[][] in, DoubleBinaryOperator operation) {
        double[] result = new double[Math.max(in[0].length, in[1].length)];
        Arrays.setAll(result, i -> operation.applyAsDouble(at(in[0], i), at(in[1], i)));
        return result;
    }

    private static double at(double[] vector, int index) {
        return vector.length == 1 ? vector[0] : vector[index];
    }
}
