package dev.byol.optim;

import static dev.byol.optim.Checks.require;
import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireMoments;
import static dev.byol.optim.Checks.requireMomentum;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Schedule;
import dev.byol.api.State;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The parts that update rules are made of. Each takes a direction u, at first the gradient, and gives the next one; what the
 * last part gives is subtracted from the parameter w. Every part is a rule of its own.
 *
 * <pre>{@code
 * Optimizer lars = chain(
 *         addDecayedWeights(1.5e-6, only(KERNEL)), scaleByTrustRatio(1e-3, only(KERNEL)), momentum(0.9), scaleByLearningRate(rate));
 * Optimizer early = split(path("encoder/layer1/**", "encoder/layer2/**"), lars, sgd);
 * Optimizer heads = split(path("projector/**", "predictor/**"), lars, sgd);
 * }</pre>
 */
public final class Rules {
    private Rules() {}

    /** The parts one after the other, each on what the one before it gave; no parts: the gradient itself. */
    public static Optimizer chain(Optimizer... parts) {
        return new Chain(List.of(parts));
    }

    /**
     * Weight decay {@code u + decay · w}, inside of whatever comes later in the chain.
     *
     * @param decay finite and at least 0
     * @param filter which parameters decay
     * @throws IllegalArgumentException if the decay is out of range
     */
    public static Optimizer addDecayedWeights(double decay, Predicate<Parameter> filter) {
        return new AddDecayedWeights(decay, filter);
    }

    /**
     * Layer-wise adaptation {@code q · u} with the trust ratio {@code q = coefficient · |w| / |u|}, and q = 1 where w or u is
     * all zero (You et al. 2017, <a href="https://arxiv.org/abs/1708.03888">arXiv 1708.03888</a>, in DeepMind's form: decay
     * belongs before it, so that u holds it).
     *
     * @param coefficient finite and above 0
     * @param filter which parameters are adapted; the others keep u
     * @throws IllegalArgumentException if the coefficient is out of range
     */
    public static Optimizer scaleByTrustRatio(double coefficient, Predicate<Parameter> filter) {
        return new ScaleByTrustRatio(new TrustRatio.Plain(coefficient), 0, filter);
    }

    /**
     * Layer-wise adaptation by the gradient's length, with the decay inside: {@code q · (u + decay · w)} with the trust ratio
     * {@code q = coefficient · |w| / (|u| + decay · |w| + epsilon)} (You et al. 2017, equation 6, as Lightning Bolts has it).
     * Where w is all zero it gives u, where u is all zero it gives zero.
     *
     * @param coefficient finite and above 0
     * @param decay finite and at least 0
     * @param epsilon finite and above 0
     * @param filter which parameters are adapted; the others become {@code u + decay · w}
     * @throws IllegalArgumentException if a setting is out of range
     */
    public static Optimizer scaleByGradientTrustRatio(
            double coefficient, double decay, double epsilon, Predicate<Parameter> filter) {
        return new ScaleByTrustRatio(
                new TrustRatio.OfGradient(coefficient, decay, epsilon, Optional.empty()), decay, filter);
    }

    /**
     * Adam's direction (Kingma and Ba 2015, <a href="https://arxiv.org/abs/1412.6980">arXiv 1412.6980</a>):
     * {@code m = beta1 · m + (1 - beta1) · u; v = beta2 · v + (1 - beta2) · u²}, and the direction
     * {@code (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)} in step t, from 1. Both start at 0 and are kept in the
     * slots {@code first_moment} and {@code second_moment}.
     *
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilon finite and above 0
     * @throws IllegalArgumentException if a setting is out of range
     */
    public static Optimizer scaleByAdam(double beta1, double beta2, double epsilon) {
        return new ScaleByAdam(beta1, beta2, epsilon);
    }

    /**
     * Heavy-ball momentum: the buffer becomes {@code momentum · buffer + u}, and is the direction. It starts at 0 and is kept in
     * the slot {@code momentum}; a momentum of 0 needs no buffer and gives u.
     *
     * @param momentum in [0, 1)
     * @throws IllegalArgumentException if the momentum is out of range
     */
    public static Optimizer momentum(double momentum) {
        return new Momentum(momentum);
    }

    /**
     * Nesterov's momentum in PyTorch's form: the buffer becomes {@code momentum · buffer + u}, the direction is
     * {@code u + momentum · buffer}. It starts at 0 and is kept in the slot {@code momentum}.
     *
     * @param momentum in [0, 1); 0 needs no buffer and gives u
     * @throws IllegalArgumentException if the momentum is out of range
     */
    public static Optimizer nesterov(double momentum) {
        return new Nesterov(momentum);
    }

    /** The direction times the learning rate of the step. */
    public static Optimizer scaleByLearningRate(Schedule rate) {
        return new ScaleByLearningRate(rate);
    }

    /**
     * Gradient clipping by global norm (Pascanu et al. 2013, <a href="https://arxiv.org/abs/1211.5063">arXiv 1211.5063</a>):
     * {@code u / (max(|g|, limit) / limit)} with |g| the {@linkplain Update#globalNorm norm of all gradients} together, so that no
     * gradient changes its direction and those of a norm up to the limit keep their bits. Optax's {@code clip_by_global_norm};
     * PyTorch's {@code clip_grad_norm_} divides by {@code |g| + 1e-6} and is shorter by as little. It belongs before whatever else the
     * gradient goes through:
     *
     * <pre>{@code
     * Optimizer clipped = chain(clipByGlobalNorm(1), AdamW.builder().learningRate(rate).build());
     * }</pre>
     *
     * @param limit the largest norm that is let through, finite and above 0
     * @throws IllegalArgumentException if the limit is out of range
     */
    public static Optimizer clipByGlobalNorm(double limit) {
        return new ClipByGlobalNorm(limit);
    }

    /**
     * One rule for the parameters that the filter chooses, another one for the rest. A rule that asks for the {@linkplain
     * Update#globalNorm norm of all gradients} gets that of the gradients on its own side: neither side changes what the other does.
     */
    public static Optimizer split(Predicate<Parameter> filter, Optimizer chosen, Optimizer rest) {
        return new Split(filter, chosen, rest);
    }

    /**
     * A part whose slots and reports are named {@code name/...}, so that two of one kind fit into a chain.
     *
     * @throws IllegalArgumentException if the name is empty or begins or ends with a slash
     */
    public static Optimizer named(String name, Optimizer part) {
        return new Named(name, part);
    }

    private record Chain(List<Optimizer> parts) implements Optimizer {
        @Override
        public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
            Tensor u = gradient;
            for (Optimizer part : parts) {
                u = part.direction(parameter, u, update);
            }
            return u;
        }
    }

    private record AddDecayedWeights(double decay, Predicate<Parameter> filter) implements Optimizer {
        AddDecayedWeights {
            requireDecay(decay);
        }

        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            return decay > 0 && filter.test(w) ? u.plus(w.times(decay)) : u;
        }
    }

    /** {@code q · (u + decay · w)}, with q from what comes in; without q where the filter says no. */
    record ScaleByTrustRatio(TrustRatio ratio, double decay, Predicate<Parameter> filter) implements Optimizer {
        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            Tensor decayed = decay > 0 ? u.plus(w.times(decay)) : u;
            return filter.test(w) ? decayed.times(ratio.of(w, u, update)) : decayed;
        }
    }

    private record ScaleByAdam(double beta1, double beta2, double epsilon) implements Optimizer {
        ScaleByAdam {
            requireMoments(beta1, beta2, epsilon);
        }

        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            Tensor m = average(beta1, u, update.slot("first_moment")).dividedBy(weight(beta1, update));
            Tensor v = average(beta2, u.square(), update.slot("second_moment")).dividedBy(weight(beta2, update));
            return m.dividedBy(v.sqrt().plus(epsilon));
        }

        private static Tensor average(double beta, Tensor x, State state) {
            state.assign(state.value().times(beta).plus(x.times(1 - beta)));
            return state.value();
        }

        /** What an average that started at 0 has seen so far, in (0, 1]. */
        private static Tensor weight(double beta, Update update) {
            return update.scheduled(new BiasCorrection(beta));
        }
    }

    private record BiasCorrection(double beta) implements Schedule {
        @Override
        public double at(long step) {
            return 1 - StrictMath.pow(beta, step + 1.0);
        }
    }

    private record Momentum(double momentum) implements Optimizer {
        Momentum {
            requireMomentum(momentum);
        }

        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            return momentum == 0 ? u : accumulate(momentum, u, update);
        }
    }

    private record Nesterov(double momentum) implements Optimizer {
        Nesterov {
            requireMomentum(momentum);
        }

        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            return momentum == 0 ? u : u.plus(accumulate(momentum, u, update).times(momentum));
        }
    }

    private static Tensor accumulate(double momentum, Tensor u, Update update) {
        State buffer = update.slot("momentum");
        buffer.assign(buffer.value().times(momentum).plus(u));
        return buffer.value();
    }

    private record ScaleByLearningRate(Schedule rate) implements Optimizer {
        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            return u.times(update.scheduled(rate));
        }
    }

    private record ClipByGlobalNorm(double limit) implements Optimizer {
        ClipByGlobalNorm {
            require(Double.isFinite(limit) && limit > 0, "limit must be finite and above 0, got " + limit);
        }

        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            return u.dividedBy(update.globalNorm().maximum(limit).dividedBy(limit)); // by 1 up to the limit
        }
    }

    private record Split(Predicate<Parameter> filter, Optimizer chosen, Optimizer rest) implements Optimizer {
        @Override
        public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
            return filter.test(parameter)
                    ? chosen.direction(parameter, gradient, update.among(filter))
                    : rest.direction(parameter, gradient, update.among(filter.negate()));
        }
    }

    private record Named(String name, Optimizer part) implements Optimizer {
        Named {
            require(
                    !name.isEmpty() && !name.startsWith("/") && !name.endsWith("/"),
                    "a part's name must not be empty nor begin or end with a slash, got \"" + name + "\"");
        }

        @Override
        public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
            return part.direction(parameter, gradient, update.child(name));
        }
    }
}
