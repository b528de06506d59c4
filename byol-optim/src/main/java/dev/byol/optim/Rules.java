package dev.byol.optim;

import static dev.byol.optim.Checks.require;
import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireMomentum;
import static dev.byol.optim.Checks.requireTrust;

import dev.byol.api.Optimizer;
import dev.byol.api.Parameter;
import dev.byol.api.Schedule;
import dev.byol.api.State;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.List;
import java.util.function.Predicate;

/**
 * The parts that update rules are made of. Each takes a direction u, at first the gradient, and gives the next one; what the
 * last part gives is subtracted from the parameter w. Every part is a rule of its own.
 *
 * <pre>{@code
 * Optimizer lars = chain(
 *         addDecayedWeights(1.5e-6, only(KERNEL)), scaleByTrustRatio(1e-3, only(KERNEL)), momentum(0.9), scaleByLearningRate(rate));
 * Optimizer early = split(path("encoder/layer1/**", "encoder/layer2/**"), lars, sgd);
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
     * Layer-wise adaptation {@code q · u} with the trust ratio {@code q = coefficient · |w| / |u|}, and q = 1 where w or u is all
     * zero (You et al. 2017, <a href="https://arxiv.org/abs/1708.03888">arXiv 1708.03888</a>, in DeepMind's form: decay belongs
     * before it, so that u holds it).
     *
     * @param coefficient finite and above 0
     * @param filter which parameters are adapted; the others keep u
     * @throws IllegalArgumentException if the coefficient is out of range
     */
    public static Optimizer scaleByTrustRatio(double coefficient, Predicate<Parameter> filter) {
        return new ScaleByTrustRatio(coefficient, filter);
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

    /** One rule for the parameters that the filter chooses, another one for the rest. */
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

    private record ScaleByTrustRatio(double coefficient, Predicate<Parameter> filter) implements Optimizer {
        ScaleByTrustRatio {
            requireTrust(coefficient);
        }

        @Override
        public Tensor direction(Parameter w, Tensor u, Update update) {
            if (!filter.test(w)) {
                return u;
            }
            Tensor weight = w.norm();
            Tensor length = u.norm();
            Tensor one = length.times(0).plus(1);
            Tensor ratio = weight.times(coefficient).dividedBy(length.wherePositive(length, one)); // never 0 / 0
            Tensor q = weight.minimum(length).wherePositive(ratio, one);
            return u.times(q);
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

    private record Split(Predicate<Parameter> filter, Optimizer chosen, Optimizer rest) implements Optimizer {
        @Override
        public Tensor direction(Parameter parameter, Tensor gradient, Update update) {
            return (filter.test(parameter) ? chosen : rest).direction(parameter, gradient, update);
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
