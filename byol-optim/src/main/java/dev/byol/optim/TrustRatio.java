package dev.byol.optim;

import static dev.byol.optim.Checks.requireDecay;
import static dev.byol.optim.Checks.requireEpsilon;
import static dev.byol.optim.Checks.requireTrust;

import dev.byol.api.Parameter;
import dev.byol.api.Schedule;
import dev.byol.api.Tensor;
import dev.byol.api.Update;
import java.util.Optional;

/** How far a parameter's direction is trusted: the scalar q that it is multiplied by. */
@FunctionalInterface
interface TrustRatio {
    /** q of the parameter w and what came in as its gradient. */
    Tensor of(Parameter w, Tensor g, Update update);

    /** {@code coefficient · |w| / |g|}, and 1 where either is all zero. */
    record Plain(double coefficient) implements TrustRatio {
        public Plain {
            requireTrust(coefficient);
        }

        @Override
        public Tensor of(Parameter w, Tensor g, Update update) {
            Tensor weight = w.norm();
            Tensor length = g.norm();
            Tensor one = one(length);
            Tensor ratio = weight.times(coefficient).dividedBy(length.wherePositive(length, one)); // never 0 / 0
            return weight.minimum(length).wherePositive(ratio, one);
        }
    }

    /**
     * {@code coefficient · |w| / (|g| + decay · |w| + epsilon)}; 0 where g is all zero, and 1 where w is.
     *
     * @param clip with it {@code min(q / rate, 1)} of that, and 1 for a rate of 0
     */
    record OfGradient(double coefficient, double decay, double epsilon, Optional<Schedule> clip) implements TrustRatio {
        public OfGradient {
            requireTrust(coefficient);
            requireDecay(decay);
            requireEpsilon(epsilon);
        }

        @Override
        public Tensor of(Parameter w, Tensor g, Update update) {
            Tensor weight = w.norm();
            Tensor length = g.norm();
            Tensor one = one(length);
            Tensor ratio = weight.times(coefficient)
                    .dividedBy(length.plus(weight.times(decay)).plus(epsilon));
            Tensor q = clip.map(rate -> clipped(ratio, update.scheduled(rate), one))
                    .orElse(ratio);
            return weight.wherePositive(length.wherePositive(q, length), one);
        }

        private static Tensor clipped(Tensor ratio, Tensor rate, Tensor one) {
            Tensor divided = ratio.dividedBy(rate.wherePositive(rate, one));
            return rate.wherePositive(divided, one).minimum(1);
        }
    }

    /**
     * {@code coefficient · |w| / (|g| + decay · |w|)} and nothing else: 0 where w is all zero, not a number where the divisor
     * is 0.
     */
    record Unguarded(double coefficient, double decay) implements TrustRatio {
        public Unguarded {
            requireTrust(coefficient);
            requireDecay(decay);
        }

        @Override
        public Tensor of(Parameter w, Tensor g, Update update) {
            Tensor weight = w.norm();
            Tensor length = g.norm();
            Tensor divisor = decay > 0 ? length.plus(weight.times(decay)) : length;
            return weight.times(coefficient).dividedBy(divisor);
        }
    }

    /** Another one, whose product with the learning rate is reported. */
    record Reported(TrustRatio ratio, Schedule rate) implements TrustRatio {
        @Override
        public Tensor of(Parameter w, Tensor g, Update update) {
            Tensor q = ratio.of(w, g, update);
            update.report(Lars.LOCAL_RATE, q.times(update.scheduled(rate)));
            return q;
        }
    }

    private static Tensor one(Tensor scalar) {
        return scalar.minimum(1).maximum(1);
    }
}
