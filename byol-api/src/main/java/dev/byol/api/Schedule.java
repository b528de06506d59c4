package dev.byol.api;

/** A number that changes with the step: a learning rate, tau. A pure function, so that a resumed run continues exactly. */
@FunctionalInterface
public interface Schedule {
    /**
     * The value for a step.
     *
     * @param step completed updates: 0 for the first one
     */
    double at(long step);
}
