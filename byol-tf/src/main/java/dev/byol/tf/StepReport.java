package dev.byol.tf;

import java.util.Map;
import java.util.Optional;

/**
 * What a training step came to. Of a step of several micro-batches, loss and reports of the method and of measures are the means over
 * them, and observed values have the rows of the whole batch.
 *
 * @param step steps done, this one included
 * @param loss the loss before this update
 * @param reports what method, measures and rules reported, by name; {@value #GRADIENT_NORM} among them
 * @param observed what the method showed and {@link Trainer#step(java.util.Set, byte[][])} was asked for, by name: {@code [B][D]} each
 * @param skipped why nothing was updated; empty if the update was made
 */
public record StepReport(
        long step,
        double loss,
        Map<String, Double> reports,
        Map<String, float[][]> observed,
        Optional<NonFinite> skipped) {
    /** The report of the length of all gradients of the loss together, before any rule: what {@code clipByGlobalNorm} looks at. */
    public static final String GRADIENT_NORM = "gradient_norm";

    public StepReport {
        reports = Map.copyOf(reports);
        observed = Map.copyOf(observed);
    }

    /** Of an update that was asked for numbers only. */
    public StepReport(long step, double loss, Map<String, Double> reports) {
        this(step, loss, reports, Map.of(), Optional.empty());
    }

    /**
     * A reported value.
     *
     * @throws IllegalArgumentException if nothing was reported under the name
     */
    public double report(String name) {
        return get("reported", reports, name);
    }

    /**
     * An observed value: {@code [B][D]}.
     *
     * @throws IllegalArgumentException if the step was not asked for it
     */
    public float[][] observed(String name) {
        return get("observed", observed, name);
    }

    private static <T> T get(String what, Map<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "nothing is " + what + " under " + name + "; there is " + values.keySet());
        }
        return value;
    }
}
