package dev.byol.api;

/** Maps projections z to predictions q of the target's projections: {@code [B, K] -> [B, K]}. */
@FunctionalInterface
public interface Predictor extends Network {
    /** The prediction from {@code z} under the scope {@code predictor}: {@code [B, K]}. */
    default Tensor predict(Branch branch, Tensor z) {
        return branch.apply("predictor", this, z);
    }
}
