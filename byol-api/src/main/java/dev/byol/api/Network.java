package dev.byol.api;

/**
 * A pure description of a network: applied under a branch it takes its parameters from there. The same network under
 * online and target yields two sets of parameters with equal paths.
 */
@FunctionalInterface
public interface Network {
    /** Describes the network's output for {@code x}. */
    Tensor apply(Branch branch, Tensor x);
}
