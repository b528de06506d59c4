package dev.byol.tf;

import java.util.Map;

/**
 * What a training step came to.
 *
 * @param step completed updates, this one included
 * @param loss the loss before this update
 * @param reports what method, measures and rules reported, by name
 */
public record StepReport(long step, double loss, Map<String, Double> reports) {
    public StepReport {
        reports = Map.copyOf(reports);
    }

    /**
     * A reported value.
     *
     * @throws IllegalArgumentException if nothing was reported under the name
     */
    public double report(String name) {
        Double value = reports.get(name);
        if (value == null) {
            throw new IllegalArgumentException("nothing is reported under " + name + "; there is " + reports.keySet());
        }
        return value;
    }
}
