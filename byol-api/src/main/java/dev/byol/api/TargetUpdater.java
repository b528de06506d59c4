package dev.byol.api;

/** How the target's parameters follow the online ones, once a step. Moving statistics are the target's own. */
@FunctionalInterface
public interface TargetUpdater {
    /**
     * The target's next value.
     *
     * @param target the target's parameter before the step
     * @param online the online parameter of the same path, after the optimizer's update if {@link #followsUpdated()}
     */
    Tensor next(Parameter target, Tensor online, Update update);

    /** Whether the target follows the online parameters as the optimizer leaves them, BYOL's order, or as it found them. */
    default boolean followsUpdated() {
        return true;
    }

    /**
     * The same rule on the online parameters before the optimizer's update: the target moves first. The order of the code
     * behind Fetterman and Albrecht (2020), in which the target is one step older than in BYOL.
     */
    default TargetUpdater beforeOptimizer() {
        return new BeforeOptimizer(this);
    }

    /**
     * The exponential moving average {@code tau · target + (1 - tau) · online} (BYOL, equation 1).
     *
     * @param tau in [0, 1]; 1 keeps the target, 0 copies the online network
     */
    static TargetUpdater ema(Schedule tau) {
        return new Ema(tau);
    }

    /** A target that never changes: BYOL's random target (tau = 1). */
    static TargetUpdater frozen() {
        return Frozen.INSTANCE;
    }
}

record Ema(Schedule tau) implements TargetUpdater {
    @Override
    public Tensor next(Parameter target, Tensor online, Update update) {
        Tensor t = update.scheduled(tau);
        return target.times(t).plus(online.times(t.negate().plus(1)));
    }
}

enum Frozen implements TargetUpdater {
    INSTANCE;

    @Override
    public Tensor next(Parameter target, Tensor online, Update update) {
        return target;
    }
}

record BeforeOptimizer(TargetUpdater rule) implements TargetUpdater {
    @Override
    public Tensor next(Parameter target, Tensor online, Update update) {
        return rule.next(target, online, update);
    }

    @Override
    public boolean followsUpdated() {
        return false;
    }
}
