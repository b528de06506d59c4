package dev.byol.api.nn;

import dev.byol.api.Branch;
import dev.byol.api.Initializer;
import dev.byol.api.Network;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Shape;
import dev.byol.api.Tensor;

/**
 * A linear layer {@code x · kernel + bias}: {@code [B, in] -> [B, out]}. Kernel and bias start uniformly in
 * {@code [-1/sqrt(in), 1/sqrt(in))}, as PyTorch's do.
 *
 * @param output number of outputs, at least 1
 * @param bias whether a bias is added
 * @param weightStandardization whether the kernel is {@linkplain WeightStandardization standardised} first
 */
public record Linear(int output, boolean bias, boolean weightStandardization) implements Network {
    public Linear {
        if (output < 1) {
            throw new IllegalArgumentException("output must be at least 1, got " + output);
        }
    }

    /** With the kernel as it is. */
    public Linear(int output, boolean bias) {
        this(output, bias, false);
    }

    @Override
    public Tensor apply(Branch branch, Tensor x) {
        int input = x.shape().dimension(-1);
        Initializer start = Initializer.uniform(1 / Math.sqrt(input));
        Tensor kernel = branch.parameter("kernel", Shape.of(input, output), Role.KERNEL, start);
        Tensor y = x.matmul(weightStandardization ? WeightStandardization.DEFAULT.standardize(branch, kernel) : kernel);
        return bias ? y.plus(branch.parameter("bias", Shape.of(output), Role.BIAS, start)) : y;
    }
}
