package dev.byol.tf;

import dev.byol.api.graph.Node;
import dev.byol.api.graph.Op;
import dev.byol.api.graph.ParameterNode;
import dev.byol.api.graph.StepGraph;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What an update does alike to many tensors, done once to all of them laid end to end. A GPU needs as long to begin an operation on 64
 * numbers as on a million, and of the 2,600 operations of a step of BYOL, ResNet-18 and LARS some 1,900 are those of the update, the
 * target and the moving statistics; together they are 400.
 *
 * <p>Nodes are alike if the same operations lead to them from the same kinds of leaves. Tensors are laid into rows of {@value #ROW}
 * numbers, each from a row of its own; scalars of which each tensor has one, such as trust ratios, into a vector. Each number is
 * computed from the same numbers by the same operations as by itself, but for sums of scalars, whose order is TensorFlow's.
 */
final class MultiTensor {
    private static final int LEAST = 4;
    private static final int ROW = 64;

    private final Ops tf;
    private final Function<Node, Operand<TFloat32>> alone;
    private final Map<Node, Group> groups = new HashMap<>();
    private final Set<Node> shared = new HashSet<>();
    private final Map<List<Node>, Operand<TFloat32>> laid = new HashMap<>();
    private final Map<List<Node>, Operand<TInt32>> owners = new HashMap<>();

    /** Nodes that are alike, in the order in which they were recorded. */
    private static final class Group {
        final List<Node> members = new ArrayList<>();

        @Nullable
        Operand<TFloat32> value;

        final Map<Node, Operand<TFloat32>> pieces = new HashMap<>();

        boolean ofScalars() {
            return members.get(0).shape().rank() == 0;
        }
    }

    /**
     * Finds what is alike among the nodes that lead to the values of an update, without those that lead to the loss as well.
     *
     * @param alone the value of a single node
     */
    MultiTensor(
            Ops tf,
            StepGraph step,
            Collection<Node> updated,
            Collection<Node> losses,
            Function<Node, Operand<TFloat32>> alone) {
        this.tf = tf;
        this.alone = alone;
        Set<Node> outside = Nodes.behind(losses);
        Set<Node> update = Nodes.behind(updated);
        Map<Node, Object> kinds = new HashMap<>();
        Map<Object, Integer> numbers = new HashMap<>();
        Map<Object, Group> alike = new LinkedHashMap<>();
        for (Node node : step.nodes()) {
            if (!update.contains(node)) {
                continue;
            }
            Object kind = kind(node, outside.contains(node), kinds);
            kinds.put(node, numbers.computeIfAbsent(kind, key -> numbers.size()));
            if (!outside.contains(node) && !shared.contains(node) && isJoinable(node)) {
                alike.computeIfAbsent(kind, key -> new Group()).members.add(node);
            }
        }
        for (Group group : alike.values()) {
            if (group.members.size() >= LEAST) {
                group.members.forEach(node -> groups.put(node, group));
            }
        }
    }

    /** Equal for nodes that are alike; of scalars that all tensors share, for those of one value. */
    private Object kind(Node node, boolean isOutside, Map<Node, Object> kinds) {
        boolean scalar = node.shape().rank() == 0;
        boolean leaf = isOutside || node.inputs().isEmpty();
        if (scalar && node.op() instanceof Op.Constant) {
            shared.add(node);
            return node.op();
        }
        if (leaf && scalar && (isOutside || !isVariable(node))) {
            shared.add(node);
            return node;
        }
        if (leaf) {
            return List.of(node.op().getClass(), scalar);
        }
        if (scalar && node.op() instanceof Op.Pointwise && shared.containsAll(node.inputs())) {
            shared.add(node);
        }
        return List.of(
                node.op(),
                scalar,
                node.inputs().stream()
                        .map(input -> Objects.requireNonNull(kinds.get(input)))
                        .toList());
    }

    private static boolean isVariable(Node node) {
        return node instanceof ParameterNode || node.op() instanceof Op.ReadState || node.op() instanceof Op.External;
    }

    private static boolean isJoinable(Node node) {
        boolean eachByItself = node.op() instanceof Op.Pointwise
                && node.op() != Op.Pointwise.SOFTMAX
                && node.op() != Op.Pointwise.LOG_SOFTMAX
                && node.inputs().stream()
                        .allMatch(input ->
                                input.shape().rank() == 0 || input.shape().equals(node.shape()));
        return node.shape().isKnown() && (eachByItself || Lowering.isSumOfSquares(node));
    }

    /** Whether a node is computed together with others. */
    boolean holds(Node node) {
        return groups.containsKey(node);
    }

    /** Whether it was needed so far, by itself or together with others. */
    boolean isKnown(Node node) {
        Group group = groups.get(node);
        return group != null && group.value != null;
    }

    /** Its own part of what is computed together. */
    Operand<TFloat32> value(Node node) {
        Group group = Objects.requireNonNull(groups.get(node));
        if (group.pieces.isEmpty()) {
            Operand<TFloat32> value = value(group);
            List<Node> members = group.members;
            List<Operand<TFloat32>> pieces = group.ofScalars()
                    ? tf.unstack(value, (long) members.size()).output().stream()
                            .map(piece -> (Operand<TFloat32>) piece)
                            .toList()
                    : cut(value, members);
            for (int i = 0; i < members.size(); i++) {
                group.pieces.put(members.get(i), pieces.get(i));
            }
        }
        return Objects.requireNonNull(group.pieces.get(node));
    }

    /** {@code [rows, ROW]}, of scalars a vector. */
    private Operand<TFloat32> value(Group group) {
        Operand<TFloat32> known = group.value;
        if (known == null) {
            Node first = group.members.get(0);
            known = first.op() instanceof Op.Pointwise op ? pointwise(group, op) : sumsOfSquares(group.members);
            group.value = known;
        }
        return known;
    }

    private Operand<TFloat32> pointwise(Group group, Op.Pointwise op) {
        List<Operand<TFloat32>> inputs = new ArrayList<>();
        for (int i = 0; i < group.members.get(0).inputs().size(); i++) {
            int index = i;
            inputs.add(input(
                    group, group.members.stream().map(node -> node.input(index)).toList()));
        }
        return Lowering.pointwise(tf, op, inputs);
    }

    private Operand<TFloat32> input(Group group, List<Node> nodes) {
        Node first = nodes.get(0);
        if (shared.contains(first)) {
            return alone.apply(first);
        }
        Operand<TFloat32> value = together(nodes);
        return first.shape().rank() == 0 && !group.ofScalars() ? spread(value, group.members) : value;
    }

    private Operand<TFloat32> together(List<Node> nodes) {
        Group whole = groups.get(nodes.get(0));
        if (whole != null && whole.members.equals(nodes)) {
            return value(whole);
        }
        Operand<TFloat32> known = laid.get(nodes);
        if (known == null) {
            known = nodes.get(0).shape().rank() == 0 ? stacked(nodes) : joined(nodes);
            laid.put(nodes, known);
        }
        return known;
    }

    private Operand<TFloat32> sumsOfSquares(List<Node> nodes) {
        List<Operand<TFloat32>> halves = nodes.stream()
                .map(node -> (Operand<TFloat32>)
                        tf.nn.l2Loss(alone.apply(node.input(0).input(0))))
                .toList();
        return tf.math.mul(tf.stack(halves), tf.constant(2f));
    }

    private Operand<TFloat32> stacked(List<Node> scalars) {
        return tf.stack(scalars.stream().map(alone).toList());
    }

    private Operand<TFloat32> joined(List<Node> tensors) {
        Operand<TInt32> flat = tf.constant(new int[] {-1});
        List<Operand<TFloat32>> parts = new ArrayList<>();
        for (Node tensor : tensors) {
            parts.add(tf.reshape(alone.apply(tensor), flat));
            if (missing(tensor) > 0) {
                parts.add(tf.constant(new float[missing(tensor)]));
            }
        }
        return tf.reshape(tf.concat(parts, tf.constant(0)), tf.constant(new int[] {-1, ROW}));
    }

    private List<Operand<TFloat32>> cut(Operand<TFloat32> value, List<Node> tensors) {
        List<Integer> sizes = new ArrayList<>();
        for (Node tensor : tensors) {
            sizes.add(tensor.shape().size());
            if (missing(tensor) > 0) {
                sizes.add(missing(tensor));
            }
        }
        List<org.tensorflow.Output<TFloat32>> parts = tf.splitV(
                        tf.reshape(value, tf.constant(new int[] {-1})),
                        tf.constant(sizes.stream().mapToInt(Integer::intValue).toArray()),
                        tf.constant(0),
                        (long) sizes.size())
                .output();
        List<Operand<TFloat32>> pieces = new ArrayList<>();
        int next = 0;
        for (Node tensor : tensors) {
            pieces.add(tf.reshape(parts.get(next), tf.constant(tensor.shape().dimensions())));
            next += missing(tensor) > 0 ? 2 : 1;
        }
        return pieces;
    }

    /** Each tensor's scalar beside each of its rows, {@code [rows, 1]}. */
    private Operand<TFloat32> spread(Operand<TFloat32> vector, List<Node> tensors) {
        return tf.gather(vector, owners.computeIfAbsent(tensors, this::owners), tf.constant(0));
    }

    /** Of each row, the index of the tensor that it belongs to. */
    private Operand<TInt32> owners(List<Node> tensors) {
        List<int[]> rows = new ArrayList<>();
        for (int i = 0; i < tensors.size(); i++) {
            int size = tensors.get(i).shape().size() + missing(tensors.get(i));
            rows.addAll(Collections.nCopies(size / ROW, new int[] {i}));
        }
        return tf.constant(rows.toArray(int[][]::new));
    }

    /** How many numbers the last row of a tensor lacks. */
    private static int missing(Node tensor) {
        return Math.floorMod(-tensor.shape().size(), ROW);
    }
}
