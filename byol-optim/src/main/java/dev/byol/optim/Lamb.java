package dev.byol.optim;

import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireMoments;
import static dev.byol.optim.Rules.addDecayedWeights;
import static dev.byol.optim.Rules.chain;
import static dev.byol.optim.Rules.scaleByAdam;
import static dev.byol.optim.Rules.scaleByLearningRate;
import static dev.byol.optim.Rules.scaleByTrustRatio;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.function.Predicate;

/**
 * LAMB, Adam with the layer-wise adaptation of LARS (You et al. 2019, <a href="https://arxiv.org/abs/1904.00962">arXiv
 * 1904.00962</a>, algorithm 2 with the identity for phi): {@code u = adam(g) + decay · w; w = w - rate · |w| / |u| · u} with
 * {@code adam} as in {@link Rules#scaleByAdam}; the ratio is 1 where w or u is all zero, and for parameters that are not
 * adapted. Made by {@link #builder()}.
 *
 * @param learningRate the rate of each step: the length of an adapted update as a share of the parameter's
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon finite and above 0
 * @param weightDecay finite and at least 0
 * @param decayed which parameters decay
 * @param adapted which parameters are scaled by the ratio
 */
public record Lamb(
        Schedule learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        Predicate<Parameter> decayed,
        Predicate<Parameter> adapted)
        implements Optimizer {
    public Lamb {
        requireMoments(beta1, beta2, epsilon);
        requireDecay(weightDecay);
    }

    /**
     * Settings that begin with those of the paper's BERT: betas 0.9 and 0.999, epsilon 1e-6, weight decay 0.01; kernels decay
     * and are adapted, biases and norms neither. The learning rate must be set.
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
        return chain(
                        scaleByAdam(beta1, beta2, epsilon),
                        addDecayedWeights(weightDecay, decayed),
                        scaleByTrustRatio(1, adapted),
                        scaleByLearningRate(learningRate))
                .direction(parameter, gradient, update);
    }

    /** Named settings of {@link Lamb}. Not thread-safe. */
    public static final class Builder extends RuleBuilder.WithMoments<Builder> {
        private Predicate<Parameter> adapted = Filters.only(Role.KERNEL);

        private Builder() {
            super(0.01, 1e-6);
        }

        @Override
        Builder self() {
            return this;
        }

        /** Which parameters are adapted; kernels by default. */
        public Builder adapted(Predicate<Parameter> adapted) {
            this.adapted = adapted;
            return this;
        }

        /**
         * The rule.
         *
         * @throws IllegalStateException if the learning rate was not set
         * @throws IllegalArgumentException if a setting is out of range
         */
        public Lamb build() {
            return new Lamb(rate(), beta1, beta2, epsilon, weightDecay, decayed, adapted);
        }
    }
}
