package dev.byol.api.nn;

import dev.byol.api.Branch;
import dev.byol.api.Predictor;
import dev.byol.api.Projector;
import dev.byol.api.Tensor;

/**
 * The multi-layer perceptron that projects and predicts: {@code layers - 1} times (linear, norm, ReLU), then a linear
 * layer, all with bias: {@code [B, in] -> [B, output]}. The output has neither norm nor activation. No layers: the identity.
 *
 * <p>Fetterman and Albrecht (2020) use 2 layers with 512 hidden and 128 outputs; Grill et al. (2020) 4096 and 256.
 *
 * @param layers number of linear layers, at least 0
 * @param hidden width of the hidden layers, at least 1
 * @param output width of the output, at least 1
 * @param norm after each hidden linear layer
 * @param weightStandardization whether the kernels of the hidden layers are {@linkplain WeightStandardization standardised}; that of
 *     the output never is
 */
public record Mlp(int layers, int hidden, int output, Norm norm, boolean weightStandardization)
        implements Projector, Predictor {
    public Mlp {
        if (layers < 0) {
            throw new IllegalArgumentException("layers must be at least 0, got " + layers);
        }
        if (hidden < 1 || output < 1) {
            throw new IllegalArgumentException(
                    "hidden and output widths must be at least 1, got " + hidden + " and " + output);
        }
    }

    /** With kernels as they are. */
    public Mlp(int layers, int hidden, int output, Norm norm) {
        this(layers, hidden, output, norm, false);
    }

    /** The same perceptron with another norm. */
    public Mlp withNorm(Norm norm) {
        return new Mlp(layers, hidden, output, norm, weightStandardization);
    }

    /** The same perceptron with the kernels of its hidden layers standardised. */
    public Mlp withWeightStandardization() {
        return new Mlp(layers, hidden, output, norm, true);
    }

    @Override
    public Tensor apply(Branch branch, Tensor x) {
        if (layers == 0) {
            return x;
        }
        Tensor y = x;
        for (int i = 0; i < layers - 1; i++) {
            y = branch.apply("linear" + i, new Linear(hidden, true, weightStandardization), y);
            y = branch.apply("norm" + i, norm, y).relu();
        }
        return branch.apply("linear" + (layers - 1), new Linear(output, true), y);
    }
}
