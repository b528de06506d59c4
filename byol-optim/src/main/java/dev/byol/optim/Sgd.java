package dev.byol.optim;

import static dev.byol.optim.Checks.require;
import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireMomentum;
import static dev.byol.optim.Rules.addDecayedWeights;
import static dev.byol.optim.Rules.chain;
import static dev.byol.optim.Rules.scaleByLearningRate;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Schedule;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.function.Predicate;

/**
 * Stochastic gradient descent with momentum, in PyTorch's form: {@code u = g + decay · w; b = momentum · b + u; w = w - rate · b},
 * with Nesterov's momentum {@code w = w - rate · (u + momentum · b)} instead. Made by {@link #builder()}.
 *
 * @param learningRate the rate of each step, outside the momentum buffer
 * @param momentum in [0, 1); 0 keeps no buffer
 * @param weightDecay finite and at least 0
 * @param nesterov whether the direction looks ahead; needs a momentum above 0
 * @param decayed which parameters decay
 */
public record Sgd(
        Schedule learningRate, double momentum, double weightDecay, boolean nesterov, Predicate<Parameter> decayed)
        implements Optimizer {
    public Sgd {
        requireMomentum(momentum);
        requireDecay(weightDecay);
        require(!nesterov || momentum > 0, "nesterov needs a momentum above 0, got " + momentum);
    }

    /**
     * Settings that begin with those of Fetterman and Albrecht (2020): momentum 0.9, weight decay 1e-4, no Nesterov. Kernels
     * decay, biases and norms do not (there, all do). The learning rate must be set.
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
        return chain(
                        addDecayedWeights(weightDecay, decayed),
                        nesterov ? Rules.nesterov(momentum) : Rules.momentum(momentum),
                        scaleByLearningRate(learningRate))
                .direction(parameter, gradient, update);
    }

    /** Named settings of {@link Sgd}. Not thread-safe. */
    public static final class Builder extends RuleBuilder.WithMomentum<Builder> {
        private boolean nesterov;

        private Builder() {
            super(1e-4);
        }

        @Override
        Builder self() {
            return this;
        }

        /** Whether the direction looks ahead; false by default. */
        public Builder nesterov(boolean nesterov) {
            this.nesterov = nesterov;
            return this;
        }

        /**
         * The rule.
         *
         * @throws IllegalStateException if the learning rate was not set
         * @throws IllegalArgumentException if a setting is out of range
         */
        public Sgd build() {
            return new Sgd(rate(), momentum, weightDecay, nesterov, decayed);
        }
    }
}
