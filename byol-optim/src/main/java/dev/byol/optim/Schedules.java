package dev.byol.optim;

import static dev.byol.optim.Checks.require;

import dev.byol.api.Schedule;
import java.util.Arrays;
import java.util.List;

/** Schedules of the literature. Steps are completed updates, from 0; equal settings make equal schedules. */
public final class Schedules {
    private Schedules() {}

    /**
     * The same value at every step.
     *
     * @throws IllegalArgumentException if the value is not finite
     */
    public static Schedule constant(double value) {
        return new Constant(value);
    }

    /**
     * Linear warm-up from 0 to the peak, then half a cosine down to 0, as in DeepMind's BYOL: {@code peak · k / W} for step
     * k below W, then {@code peak / 2 · (1 + cos(pi (k - W) / (K - W)))}, and 0 from step K on. The first step has the value
     * 0, unless there is no warm-up.
     *
     * @param peak value at step W, finite and at least 0; DeepMind's is 0.2 · batch / 256 for 1000 epochs
     * @param warmupSteps W, at least 0 and below K; DeepMind's is 10 epochs
     * @param totalSteps K, warm-up included, at least 1
     * @throws IllegalArgumentException if a setting is out of range
     */
    public static Schedule warmupCosine(double peak, long warmupSteps, long totalSteps) {
        return new WarmupCosine(peak, warmupSteps, totalSteps);
    }

    /**
     * Half a cosine from the base down to 0 that moves once an epoch: {@code base / 2 · (1 + cos(pi e / E))} with the epoch
     * {@code e = step / stepsPerEpoch}, rounded down. PyTorch's {@code CosineAnnealingLR} with {@code T_max = E} and {@code
     * eta_min = 0}, stepped after each epoch. A run of E epochs ends just above 0: the 0 belongs to epoch E. Past it the cosine
     * goes on and the value <em>rises</em> again, as in PyTorch.
     *
     * @param base value of the first epoch, finite and at least 0
     * @param stepsPerEpoch updates in an epoch, at least 1
     * @param epochs E, at least 1
     * @throws IllegalArgumentException if a setting is out of range
     */
    public static Schedule cosinePerEpoch(double base, long stepsPerEpoch, long epochs) {
        return new CosinePerEpoch(base, stepsPerEpoch, epochs);
    }

    /**
     * The base, multiplied by the factor at each milestone: {@code base · factor^n} after n milestones. PyTorch's {@code
     * MultiStepLR}, whose milestones are epochs where these are steps.
     *
     * @param base first value, finite and at least 0
     * @param factor finite and above 0; 0.1 divides by ten
     * @param milestones first steps of the new values, at least 1 and increasing
     * @throws IllegalArgumentException if a setting is out of range
     */
    public static Schedule multiStep(double base, double factor, long... milestones) {
        return new MultiStep(base, factor, Arrays.stream(milestones).boxed().toList());
    }

    /**
     * The target's decay tau, from the base to 1 along half a cosine: {@code 1 - (1 - base) (cos(pi k / K) + 1) / 2} at step
     * k, and 1 from step K on (BYOL, section 3.2).
     *
     * @param base tau of the first step, in [0, 1]; 0.996 in the paper
     * @param totalSteps K, at least 1
     * @throws IllegalArgumentException if a setting is out of range
     */
    public static Schedule tau(double base, long totalSteps) {
        return new Tau(base, totalSteps);
    }

    /**
     * A schedule that moves once an epoch: its step is the epoch {@code step / stepsPerEpoch}, rounded down. Tau in Fetterman and
     * Albrecht (2020) is {@code perEpoch(tau(0.996, 320), stepsPerEpoch)}.
     *
     * @param stepsPerEpoch updates in an epoch, at least 1
     * @throws IllegalArgumentException if it is out of range
     */
    public static Schedule perEpoch(Schedule ofEpochs, long stepsPerEpoch) {
        return new PerEpoch(ofEpochs, stepsPerEpoch);
    }

    /** 1 at share 0, 0 at share 1, along half a cosine; the same bits on every JDK. */
    private static double halfCosine(double share) {
        return (1 + StrictMath.cos(Math.PI * share)) / 2;
    }

    private static void requireStepsPerEpoch(long steps) {
        require(steps >= 1, "steps per epoch must be at least 1, got " + steps);
    }

    private record Constant(double value) implements Schedule {
        Constant {
            require(Double.isFinite(value), "a constant must be finite, got " + value);
        }

        @Override
        public double at(long step) {
            return value;
        }
    }

    private record WarmupCosine(double peak, long warmupSteps, long totalSteps) implements Schedule {
        WarmupCosine {
            require(Double.isFinite(peak) && peak >= 0, "peak must be finite and at least 0, got " + peak);
            require(totalSteps >= 1, "total steps must be at least 1, got " + totalSteps);
            require(
                    warmupSteps >= 0 && warmupSteps < totalSteps,
                    "warm-up steps must be at least 0 and below the " + totalSteps + " total steps, got "
                            + warmupSteps);
        }

        @Override
        public double at(long step) {
            if (step < warmupSteps) {
                return peak * step / warmupSteps;
            }
            long decay = totalSteps - warmupSteps;
            return peak * halfCosine((double) Math.min(step - warmupSteps, decay) / decay);
        }
    }

    private record CosinePerEpoch(double base, long stepsPerEpoch, long epochs) implements Schedule {
        CosinePerEpoch {
            require(Double.isFinite(base) && base >= 0, "base must be finite and at least 0, got " + base);
            requireStepsPerEpoch(stepsPerEpoch);
            require(epochs >= 1, "epochs must be at least 1, got " + epochs);
        }

        @Override
        public double at(long step) {
            long epoch = step / stepsPerEpoch;
            return base * halfCosine((double) epoch / epochs);
        }
    }

    private record PerEpoch(Schedule ofEpochs, long stepsPerEpoch) implements Schedule {
        PerEpoch {
            requireStepsPerEpoch(stepsPerEpoch);
        }

        @Override
        public double at(long step) {
            return ofEpochs.at(step / stepsPerEpoch);
        }
    }

    private record MultiStep(double base, double factor, List<Long> milestones) implements Schedule {
        MultiStep {
            require(Double.isFinite(base) && base >= 0, "base must be finite and at least 0, got " + base);
            require(Double.isFinite(factor) && factor > 0, "factor must be finite and above 0, got " + factor);
            long last = 0;
            for (long milestone : milestones) {
                require(milestone > last, "milestones must be at least 1 and increase, got " + milestones);
                last = milestone;
            }
        }

        @Override
        public double at(long step) {
            double passed = milestones.stream().filter(m -> m <= step).count();
            return base * StrictMath.pow(factor, passed);
        }
    }

    private record Tau(double base, long totalSteps) implements Schedule {
        Tau {
            require(base >= 0 && base <= 1, "tau must be in [0, 1], got " + base);
            require(totalSteps >= 1, "total steps must be at least 1, got " + totalSteps);
        }

        @Override
        public double at(long step) {
            return 1 - (1 - base) * halfCosine((double) Math.min(step, totalSteps) / totalSteps);
        }
    }
}
