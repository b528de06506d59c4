package dev.byol.api;

import java.util.Map;

/** Reads the observed values of a step and reports scalars; no gradient flows back. */
@FunctionalInterface
public interface Measure {
    /**
     * Describes what is reported.
     *
     * @param observed what the method showed through {@link Step#observe}, by name
     */
    void measure(Map<String, Tensor> observed, Step step);
}
