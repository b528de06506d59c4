package dev.byol.optim;

import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireMomentum;
import static dev.byol.optim.Checks.requireTrust;
import static dev.byol.optim.Rules.addDecayedWeights;
import static dev.byol.optim.Rules.chain;
import static dev.byol.optim.Rules.scaleByLearningRate;
import static dev.byol.optim.Rules.scaleByTrustRatio;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Layer-wise adaptive rate scaling (You et al. 2017, <a href="https://arxiv.org/abs/1708.03888">arXiv 1708.03888</a>) in the form
 * of DeepMind's BYOL: {@code u = g + decay · w; q = coefficient · |w| / |u|; b = momentum · b + q · u; w = w - rate · b}, with q = 1
 * where w or u is all zero, and for parameters that are not adapted. Made by {@link #builder()}.
 *
 * <p>Other forms differ in what q divides by, and keep the rate inside the buffer. What is not adapted moves at the whole
 * learning rate, which for LARS is large.
 *
 * @param learningRate the rate of each step, outside the momentum buffer
 * @param momentum in [0, 1); 0 keeps no buffer
 * @param weightDecay finite and at least 0
 * @param trustCoefficient finite and above 0
 * @param decayed which parameters decay
 * @param adapted which parameters are scaled by q
 */
public record Lars(
        Schedule learningRate,
        double momentum,
        double weightDecay,
        double trustCoefficient,
        Predicate<Parameter> decayed,
        Predicate<Parameter> adapted)
        implements Optimizer {
    public Lars {
        requireMomentum(momentum);
        requireDecay(weightDecay);
        requireTrust(trustCoefficient);
    }

    /**
     * Settings that begin with those of BYOL (Grill et al. 2020, 1000 epochs): momentum 0.9, weight decay 1.5e-6, trust coefficient
     * 1e-3; kernels decay and are adapted, biases and norms neither. The learning rate must be set.
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
        return chain(
                        addDecayedWeights(weightDecay, decayed),
                        scaleByTrustRatio(trustCoefficient, adapted),
                        Rules.momentum(momentum),
                        scaleByLearningRate(learningRate))
                .direction(parameter, gradient, update);
    }

    /** Named settings of {@link Lars}. Not thread-safe. */
    public static final class Builder {
        private @Nullable Schedule learningRate;
        private double momentum = 0.9;
        private double weightDecay = 1.5e-6;
        private double trustCoefficient = 1e-3;
        private Predicate<Parameter> decayed = Filters.only(Role.KERNEL);
        private Predicate<Parameter> adapted = Filters.only(Role.KERNEL);

        private Builder() {}

        /** The rate of each step; required. */
        public Builder learningRate(Schedule learningRate) {
            this.learningRate = learningRate;
            return this;
        }

        /** Share of the buffer that is kept, in [0, 1); 0.9 by default, 0: no buffer. */
        public Builder momentum(double momentum) {
            this.momentum = momentum;
            return this;
        }

        /** Share of the parameter added to its gradient, at least 0; 1.5e-6 by default. */
        public Builder weightDecay(double weightDecay) {
            this.weightDecay = weightDecay;
            return this;
        }

        /** Length of an adapted direction as a share of the parameter's, above 0; 1e-3 by default. */
        public Builder trustCoefficient(double trustCoefficient) {
            this.trustCoefficient = trustCoefficient;
            return this;
        }

        /** Which parameters decay; kernels by default. */
        public Builder decayed(Predicate<Parameter> decayed) {
            this.decayed = decayed;
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
        public Lars build() {
            Schedule rate = Checks.requireSet(learningRate, "learningRate");
            return new Lars(rate, momentum, weightDecay, trustCoefficient, decayed, adapted);
        }
    }
}
