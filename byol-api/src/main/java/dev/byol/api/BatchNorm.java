package dev.byol.api;

/**
 * Settings of batch normalisation (Ioffe and Szegedy 2015): {@code y = scale (x - mean) / sqrt(variance + epsilon) + offset}.
 * The batch is normalised with its biased variance; the moving variance follows the unbiased one, as in PyTorch.
 *
 * @param momentum share of the new batch in the moving statistics, in (0, 1]; 0.1 in PyTorch and in DeepMind's BYOL
 * @param epsilon added to the variance, above 0; 1e-5 in both
 */
public record BatchNorm(double momentum, double epsilon) {
    /** Momentum 0.1 and epsilon 1e-5. */
    public static final BatchNorm DEFAULT = new BatchNorm(0.1, 1e-5);

    public BatchNorm {
        if (!(momentum > 0 && momentum <= 1)) {
            throw new IllegalArgumentException("momentum must be in (0, 1], got " + momentum);
        }
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be above 0, got " + epsilon);
        }
    }
}
