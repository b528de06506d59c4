package dev.byol.optim;

import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireMoments;
import static dev.byol.optim.Rules.addDecayedWeights;
import static dev.byol.optim.Rules.chain;
import static dev.byol.optim.Rules.scaleByAdam;
import static dev.byol.optim.Rules.scaleByLearningRate;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Schedule;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.function.Predicate;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, <a href="https://arxiv.org/abs/1711.05101">arXiv
 * 1711.05101</a>) in PyTorch's form: {@code w = w - rate · (adam(g) + decay · w)} with {@code adam} as in
 * {@link Rules#scaleByAdam}. Made by {@link #builder()}.
 *
 * @param learningRate the rate of each step; decay is in proportion to it
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon finite and above 0
 * @param weightDecay finite and at least 0
 * @param decayed which parameters decay
 */
public record AdamW(
        Schedule learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        Predicate<Parameter> decayed)
        implements Optimizer {
    public AdamW {
        requireMoments(beta1, beta2, epsilon);
        requireDecay(weightDecay);
    }

    /**
     * Settings that begin with PyTorch's: betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01. Kernels decay, biases and
     * norms do not (there, all do). The learning rate must be set.
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
        return chain(
                        scaleByAdam(beta1, beta2, epsilon),
                        addDecayedWeights(weightDecay, decayed),
                        scaleByLearningRate(learningRate))
                .direction(parameter, gradient, update);
    }

    /** Named settings of {@link AdamW}. Not thread-safe. */
    public static final class Builder extends RuleBuilder.WithMoments<Builder> {
        private Builder() {
            super(0.01, 1e-8);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * The rule.
         *
         * @throws IllegalStateException if the learning rate was not set
         * @throws IllegalArgumentException if a setting is out of range
         */
        public AdamW build() {
            return new AdamW(rate(), beta1, beta2, epsilon, weightDecay, decayed);
        }
    }
}
