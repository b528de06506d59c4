package dev.byol.optim;

import dev.byol.api.Parameter;
import dev.byol.api.Parameter.Role;
import dev.byol.api.Schedule;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The settings that all rules have. */
abstract class RuleBuilder<B extends RuleBuilder<B>> {
    private @Nullable Schedule learningRate;
    double weightDecay;
    Predicate<Parameter> decayed = Filters.only(Role.KERNEL);

    RuleBuilder(double weightDecay) {
        this.weightDecay = weightDecay;
    }

    abstract B self();

    /** The rate of each step; required. */
    public final B learningRate(Schedule learningRate) {
        this.learningRate = learningRate;
        return self();
    }

    /** Share of the parameter that decays, at least 0. */
    public final B weightDecay(double weightDecay) {
        this.weightDecay = weightDecay;
        return self();
    }

    /** Which parameters decay; kernels unless the rule's source says otherwise. */
    public final B decayed(Predicate<Parameter> decayed) {
        this.decayed = decayed;
        return self();
    }

    final Schedule rate() {
        return Checks.requireSet(learningRate, "learningRate");
    }

    /** Rules with one buffer. */
    abstract static class WithMomentum<B extends WithMomentum<B>> extends RuleBuilder<B> {
        double momentum = 0.9;

        WithMomentum(double weightDecay) {
            super(weightDecay);
        }

        /** Share of the buffer that is kept, in [0, 1); 0.9 by default, 0: no buffer. */
        public final B momentum(double momentum) {
            this.momentum = momentum;
            return self();
        }
    }

    /** Rules with Adam's two moments. */
    abstract static class WithMoments<B extends WithMoments<B>> extends RuleBuilder<B> {
        double beta1 = 0.9;
        double beta2 = 0.999;
        double epsilon;

        WithMoments(double weightDecay, double epsilon) {
            super(weightDecay);
            this.epsilon = epsilon;
        }

        /** Share of the first moment that is kept, in [0, 1); 0.9 by default. */
        public final B beta1(double beta1) {
            this.beta1 = beta1;
            return self();
        }

        /** Share of the second moment that is kept, in [0, 1); 0.999 by default. */
        public final B beta2(double beta2) {
            this.beta2 = beta2;
            return self();
        }

        /** Added to the root of the second moment, above 0. */
        public final B epsilon(double epsilon) {
            this.epsilon = epsilon;
            return self();
        }
    }
}
