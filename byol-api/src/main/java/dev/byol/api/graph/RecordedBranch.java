package dev.byol.api.graph;

import dev.byol.api.BatchNorm;
import dev.byol.api.BatchRenorm;
import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Network;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

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

    @Override
    public Tensor batchRenorm(Tensor x, BatchRenorm settings) {
        Shape channels = Shape.of(x.shape().dimension(-1));
        Tensor scale = parameter("scale", channels, Parameter.Role.NORM_SCALE, Initializer.ones());
        Tensor offset = parameter("offset", channels, Parameter.Role.NORM_OFFSET, Initializer.zeros());
        State mean = state("mean", channels, Initializer.zeros());
        State deviation = state("deviation", channels, Initializer.ones());
        State batches = state("batches", Shape.scalar(), Initializer.zeros());
        if (!training()) {
            Tensor factor = scale.dividedBy(deviation.value());
            return x.times(factor).plus(offset.minus(mean.value().times(factor)));
        }
        Standardized batch = standardized(x, settings.epsilon(), mean.value().times(0));
        Tensor batchDeviation = batch.deviation.stopGradient();
        Tensor rMax = settings.rMax().at(batches.value());
        Tensor dMax = settings.dMax().at(batches.value());
        Tensor r = batchDeviation
                .dividedBy(deviation.value())
                .maximum(rMax.dividedBy(rMax.square()))
                .minimum(rMax);
        Tensor d = batch.mean
                .minus(mean.value())
                .dividedBy(deviation.value())
                .maximum(dMax.negate())
                .minimum(dMax);
        follow(mean, batch.mean, settings.momentum());
        follow(deviation, batchDeviation, settings.momentum());
        batches.assign(batches.value().plus(1));
        return batch.value
                .times(batch.factor.times(r).times(scale))
                .plus(d.times(scale).plus(offset));
    }

    /** {@code value · factor = (x - mean) / deviation}: one factor a channel. */
    private record Standardized(Tensor value, Tensor factor, Tensor mean, Tensor deviation) {}

    /**
     * With the deviation {@code s + epsilon}, s^2 being the biased variance, out of the batch normalisation that divides by
     * {@code sqrt(s^2 + e)}. The statistics that come with it have no gradient. That of s is the standardised x over their number:
     * {@code nothing} has it, and the value 0.
     */
    private Standardized standardized(Tensor x, double epsilon, Tensor zeros) {
        Shape shape = x.shape();
        if (!shape.isKnown()) {
            throw new IllegalArgumentException("batch renormalisation in training needs a known shape, got " + shape);
        }
        Shape channels = zeros.shape();
        int[] axes = IntStream.range(0, shape.rank() - 1).toArray();
        double count = shape.size() / (double) channels.size();
        double e = BatchNorm.DEFAULT.epsilon();
        Op op = new Op.BatchNormalize(e);
        Node value = new Node(graph, op, shape, Node.node(x), Node.node(zeros.plus(1)), Node.node(zeros));
        Tensor mean = new Node(graph, Op.Plain.BATCH_MEAN, channels, value).stopGradient();
        Tensor unbiased = new Node(graph, Op.Plain.BATCH_VARIANCE, channels, value).stopGradient();
        Tensor variance = unbiased.times((count - 1) / count);
        Tensor product = x.times(value.stopGradient()).mean(axes).reshape(channels);
        Tensor nothing = product.minus(product.stopGradient());
        Tensor slope = variance.plus(e).sqrt().dividedBy(variance.sqrt().maximum(1e-12));
        Tensor s = variance.sqrt().plus(nothing.times(slope));
        Tensor deviation = s.plus(epsilon);
        Tensor divisor = s.square().plus(e).sqrt();
        return new Standardized(value, divisor.dividedBy(deviation), mean, deviation);
    }

    private static void follow(State moving, Tensor batch, double momentum) {
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
