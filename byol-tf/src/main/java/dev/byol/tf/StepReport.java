package dev.byol.tf;

import java.util.Map;

/**
 * What a training step came to.
 *
 * @param step completed updates, this one included
 * @param loss the loss before this update
 * @param reports what method, measures and rules reported, by name
 * @param observed what the method showed and {@link Trainer#step(java.util.Set, byte[][])} was asked for, by name: {@code [B][D]} each
 */
public record StepReport(long step, double loss, Map<String, Double> reports, Map<String, float[][]> observed) {
    public StepReport {
        reports = Map.copyOf(reports);
        observed = Map.copyOf(observed);
    }

    /** Of a step that was asked for numbers only. */
    public StepReport(long step, double loss, Map<String, Double> reports) {
        this(step, loss, reports, Map.of());
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
