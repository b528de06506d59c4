package dev.byol.api;

/**
 * A named scope that owns parameters and state: the online or the target network, or a part of one. Asking for the same
 * path twice gives the same parameter.
 */
public interface Branch {
    /** The scope {@code name} within this one. */
    Branch child(String name);

    /** Whether the pass trains: false where it embeds, and assigning state is then an error. */
    boolean training();

    /**
     * The parameter {@code name} of this scope, made at its first use.
     *
     * @throws IllegalArgumentException if it exists with another shape or role
     */
    Parameter parameter(String name, Shape shape, Parameter.Role role, Initializer initializer);

    /**
     * The state {@code name} of this scope, made at its first use.
     *
     * @throws IllegalArgumentException if it exists with another shape
     */
    State state(String name, Shape shape, Initializer initializer);

    /**
     * Batch normalisation over all axes but the last, with the parameters {@code scale} and {@code offset} and the state
     * {@code mean} and {@code variance} of this scope. In training it uses the batch's own statistics and advances the
     * moving ones; otherwise it uses the moving ones.
     */
    Tensor batchNorm(Tensor x, BatchNorm settings);

    /**
     * Batch renormalisation over all axes but the last, with the parameters {@code scale} and {@code offset} and the state
     * {@code mean}, {@code deviation} and {@code batches} (the number seen, a scalar) of this scope. In training it uses the batch's
     * own statistics, corrected towards the moving ones, and advances these; otherwise it uses the moving ones.
     *
     * @throws IllegalArgumentException if the size of the batch is not known in training
     */
    Tensor batchRenorm(Tensor x, BatchRenorm settings);

    /**
     * {@code network.apply(child(name), x)}, remembered by path, network and input: asking twice costs, and advances
     * statistics, once.
     */
    Tensor apply(String name, Network network, Tensor x);
}
