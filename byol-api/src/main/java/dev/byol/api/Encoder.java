package dev.byol.api;

/** Maps images to representations y: {@code [B, H, W, C] -> [B, D]}. It is what training is for, and what is exported. */
@FunctionalInterface
public interface Encoder extends Network {
    /** The representation of {@code x} under the scope {@code encoder}: {@code [B, D]}. */
    default Tensor encode(Branch branch, Tensor x) {
        return branch.apply("encoder", this, x);
    }
}
