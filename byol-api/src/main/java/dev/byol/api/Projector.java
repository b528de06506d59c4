package dev.byol.api;

/** Maps representations y to projections z: {@code [B, D] -> [B, K]}. */
@FunctionalInterface
public interface Projector extends Network {
    /** The projection of {@code y} under the scope {@code projector}: {@code [B, K]}. */
    default Tensor project(Branch branch, Tensor y) {
        return branch.apply("projector", this, y);
    }
}
