package dev.byol.api.graph;

import dev.byol.api.Initializer;
import dev.byol.api.Parameter;
import dev.byol.api.Shape;

/** A recorded parameter. Its name is that of its branch and its path: {@code online/encoder/conv1/kernel}. */
public final class ParameterNode extends Node implements Parameter {
    private final String branch;
    private final String path;
    private final Role role;
    private final Initializer initializer;

    ParameterNode(StepGraph graph, String branch, String path, Shape shape, Role role, Initializer initializer) {
        super(graph, Op.Plain.PARAMETER, shape);
        this.branch = branch;
        this.path = path;
        this.role = role;
        this.initializer = initializer;
    }

    /** Branch and path: unique among all variables of a step. */
    public String name() {
        return branch + "/" + path;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Role role() {
        return role;
    }

    /** What it starts with. */
    public Initializer initializer() {
        return initializer;
    }

    @Override
    public String toString() {
        return name() + " " + shape();
    }
}
