package dev.byol.api.graph;

import dev.byol.api.BatchNorm;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Network;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.Tensor;
import java.util.HashMap;
import java.util.Map;

/** A branch, or a scope within one, of a recorded step. */
final class RecordedBranch implements Branch {
    private record Call(String path, Network network, Tensor x) {}

    private final StepGraph graph;
    private final String branch;
    private final String prefix;
    private final Map<Call, Tensor> calls;

    RecordedBranch(StepGraph graph, String branch) {
        this(graph, branch, "", new HashMap<>());
    }

    private RecordedBranch(StepGraph graph, String branch, String prefix, Map<Call, Tensor> calls) {
        this.graph = graph;
        this.branch = branch;
        this.prefix = prefix;
        this.calls = calls;
    }

    @Override
    public Branch child(String name) {
        return new RecordedBranch(graph, branch, path(name) + "/", calls);
    }

    @Override
    public boolean training() {
        return graph.trains();
    }

    @Override
    public Parameter parameter(String name, Shape shape, Parameter.Role role, Initializer initializer) {
        return graph.parameter(branch, path(name), shape, role, initializer);
    }

    @Override
    public State state(String name, Shape shape, Initializer initializer) {
        return graph.state(branch, path(name), shape, initializer);
    }

    @Override
    public Tensor batchNorm(Tensor x, BatchNorm settings) {
        Shape channels = Shape.of(x.shape().dimension(-1));
        Node scale = Node.node(parameter("scale", channels, Parameter.Role.NORM_SCALE, Initializer.ones()));
        Node offset = Node.node(parameter("offset", channels, Parameter.Role.NORM_OFFSET, Initializer.zeros()));
        State mean = state("mean", channels, Initializer.zeros());
        State variance = state("variance", channels, Initializer.ones());
        if (!training()) {
            Op op = new Op.Normalize(settings.epsilon());
            Node m = Node.node(mean.value());
            Node v = Node.node(variance.value());
            return new Node(graph, op, x.shape(), Node.node(x), scale, offset, m, v);
        }
        Op op = new Op.BatchNormalize(settings.epsilon());
        Node y = new Node(graph, op, x.shape(), Node.node(x), scale, offset);
        follow(mean, new Node(graph, Op.Plain.BATCH_MEAN, channels, y), settings.momentum());
        follow(variance, new Node(graph, Op.Plain.BATCH_VARIANCE, channels, y), settings.momentum());
        return y;
    }

    private static void follow(State moving, Node batch, double momentum) {
        moving.assign(moving.value().times(1 - momentum).plus(batch.times(momentum)));
    }

    @Override
    public Tensor apply(String name, Network network, Tensor x) {
        Call call = new Call(path(name), network, x);
        Tensor known = calls.get(call);
        if (known == null) {
            known = network.apply(child(name), x);
            calls.put(call, known);
        }
        return known;
    }

    private String path(String name) {
        if (name.isEmpty() || name.contains("//") || name.startsWith("/") || name.endsWith("/")) {
            throw new IllegalArgumentException("a name in a path must not be empty, got \"" + name + "\"");
        }
        return prefix + name;
    }

    @Override
    public String toString() {
        return branch + "/" + prefix;
    }
}
