package dev.byol.api;

import java.util.function.Predicate;

/** What an update rule may use besides the parameter and its gradient: schedules, memory, reports. */
public interface Update {
    /** The schedule's value at this step, a scalar. */
    Tensor scheduled(Schedule schedule);

    /**
     * Memory of the parameter's shape that starts at zero, such as a momentum buffer.
     *
     * @throws IllegalStateException if the name is taken for this parameter: two parts of one chain need scopes of their own
     */
    State slot(String name);

    /** Reports a scalar under {@code name/PATH}, with the parameter's path. */
    void report(String name, Tensor scalar);

    /** A scope for the slots and reports of a part. */
    Update child(String name);

    /** The Euclidean norm of all gradients together, a scalar. */
    Tensor globalNorm();

    /** The same with a {@link #globalNorm} over the gradients of the chosen parameters alone: of those that share a rule. */
    Update among(Predicate<Parameter> chosen);
}
