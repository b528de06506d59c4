package dev.byol.api;

/** A value that is kept from step to step and is not trained: moving statistics, queues, momenta. */
public interface State {
    /** The path below the scope that owns it. */
    String path();

    /** The latest value described so far: the one before the step, until {@link #assign} is called. */
    Tensor value();

    /**
     * Describes the next value. The last assignment is written once, when the step ends.
     *
     * @throws IllegalArgumentException if the shape differs
     * @throws IllegalStateException in a pass that does not train
     */
    void assign(Tensor next);
}
