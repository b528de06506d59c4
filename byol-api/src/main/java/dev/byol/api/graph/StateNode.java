package dev.byol.api.graph;

import dev.byol.api.Initializer;
import dev.byol.api.Shape;
import dev.byol.api.State;
import dev.byol.api.Tensor;
import java.util.Optional;

/** A recorded state: its value before the step, and the last one assigned. */
public final class StateNode implements State {
    private final String owner;
    private final String path;
    private final Initializer initializer;
    private final Node before;
    private Node latest;

    StateNode(StepGraph graph, String owner, String path, Shape shape, Initializer initializer) {
        this.owner = owner;
        this.path = path;
        this.initializer = initializer;
        this.before = new Node(graph, new Op.ReadState(this), shape);
        this.latest = before;
    }

    /** Owner and path: unique among all variables of a step. */
    public String name() {
        return owner + "/" + path;
    }

    @Override
    public String path() {
        return path;
    }

    /** What it starts with. */
    public Initializer initializer() {
        return initializer;
    }

    /** The shape of every value. */
    public Shape shape() {
        return before.shape();
    }

    @Override
    public Tensor value() {
        return latest;
    }

    @Override
    public void assign(Tensor next) {
        if (!before.graph().trains()) {
            throw new IllegalStateException("state " + name() + " was assigned in a pass that does not train");
        }
        if (!next.shape().equals(shape())) {
            throw new IllegalArgumentException(
                    "state " + name() + " has shape " + shape() + " and was assigned " + next.shape());
        }
        latest = Node.node(next);
    }

    /** The value after the step; empty if it stays. */
    public Optional<Node> next() {
        return latest == before ? Optional.empty() : Optional.of(latest);
    }

    @Override
    public String toString() {
        return name() + " " + shape();
    }
}
