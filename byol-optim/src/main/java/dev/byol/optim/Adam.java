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
 * Adam (Kingma and Ba 2015, <a href="https://arxiv.org/abs/1412.6980">arXiv 1412.6980</a>) in PyTorch's form, where weight
 * decay is a part of the gradient: {@code u = g + decay · w; w = w - rate · adam(u)} with {@code adam} as in
 * {@link Rules#scaleByAdam}. Made by {@link #builder()}.
 *
 * @param learningRate the rate of each step
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon finite and above 0
 * @param weightDecay finite and at least 0
 * @param decayed which parameters decay
 */
public record Adam(
        Schedule learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        Predicate<Parameter> decayed)
        implements Optimizer {
    public Adam {
        requireMoments(beta1, beta2, epsilon);
        requireDecay(weightDecay);
    }

    /** Settings that begin with the paper's: betas 0.9 and 0.999, epsilon 1e-8, no weight decay. The learning rate must be set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
        return chain(
                        addDecayedWeights(weightDecay, decayed),
                        scaleByAdam(beta1, beta2, epsilon),
                        scaleByLearningRate(learningRate))
                .direction(parameter, gradient, update);
    }

    /** Named settings of {@link Adam}. Not thread-safe. */
    public static final class Builder extends RuleBuilder.WithMoments<Builder> {
        private Builder() {
            super(0, 1e-8);
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
        public Adam build() {
            return new Adam(rate(), beta1, beta2, epsilon, weightDecay, decayed);
        }
    }
}
