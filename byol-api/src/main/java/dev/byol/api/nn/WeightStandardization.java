package dev.byol.api.nn;

import dev.byol.api.Branch;
import dev.byol.api.Network;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;
import java.util.stream.IntStream;

/**
 * Weight standardisation (Qiao et al. 2019, <a href="https://arxiv.org/abs/1903.10520">arXiv 1903.10520</a>): the weights of each
 * output of a kernel {@code [..., out]} get the mean 0 and the deviation 1, {@code (w - mean) / (deviation + epsilon)}, before every
 * use. The deviation is the unbiased one, and the gradient flows through both, as in the code behind Fetterman and Albrecht (2020).
 *
 * @param epsilon added to the deviation, above 0
 */
public record WeightStandardization(double epsilon) implements Network {
    /** Epsilon 1e-5. */
    public static final WeightStandardization DEFAULT = new WeightStandardization(1e-5);

    private static final double TINY = 1e-24; // a deviation of 0 has no gradient, as in PyTorch

    public WeightStandardization {
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon must be above 0, got " + epsilon);
        }
    }

    /** The standardised kernel; described once for all views of the branch. */
    public Tensor standardize(Branch branch, Tensor kernel) {
        return branch.apply("standardized", this, kernel);
    }

    /**
     * The standardised kernel.
     *
     * @throws IllegalArgumentException if an output has fewer than 2 weights: there is no unbiased deviation
     */
    @Override
    public Tensor apply(Branch branch, Tensor kernel) {
        Shape shape = kernel.shape();
        int weights = shape.size() / shape.dimension(-1);
        if (weights < 2) {
            throw new IllegalArgumentException(
                    "weight standardisation needs at least 2 weights for each output, got a kernel " + shape);
        }
        int[] axes = IntStream.range(0, shape.rank() - 1).toArray();
        Tensor centred = kernel.minus(kernel.mean(axes));
        Tensor variance = centred.square().sum(axes).dividedBy(weights - 1);
        return centred.dividedBy(variance.maximum(TINY).sqrt().plus(epsilon));
    }
}
