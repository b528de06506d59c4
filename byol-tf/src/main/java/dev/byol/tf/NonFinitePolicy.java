package dev.byol.tf;

/** What a trainer does with a step whose loss, gradients or new parameters are not finite. Parameters never take it up. */
public enum NonFinitePolicy {
    /** Throws a {@link NonFiniteException}: for a loop that ends, or that goes back to its last checkpoint. */
    STOP,

    /**
     * Leaves the update out and goes on: the step counts and schedules move, variables do not, and the report {@linkplain
     * StepReport#skipped says so}.
     */
    SKIP
}
