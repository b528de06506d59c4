package dev.byol.examples;

import dev.byol.augment.load.Batch;
import dev.byol.augment.load.Epoch;
import dev.byol.augment.load.Loader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The first steps of a training that is not kept.
 *
 * @param losses one a step
 * @param seconds of each step with the wait for its images; the first one compiles, too
 */
record Rehearsal(List<Double> losses, List<Double> seconds) {
    Rehearsal {
        losses = List.copyOf(losses);
        seconds = List.copyOf(seconds);
    }

    /**
     * Takes them.
     *
     * @param step trains on a batch, and gives the loss
     * @throws ArithmeticException if a number is not finite
     */
    static Rehearsal of(Loader loader, int steps, ToDoubleFunction<Batch> step) {
        List<Double> losses = new ArrayList<>();
        List<Double> seconds = new ArrayList<>();
        for (int epoch = 0; losses.size() < steps; epoch++) {
            try (Epoch batches = loader.epoch(epoch)) {
                while (batches.hasNext() && losses.size() < steps) {
                    long started = System.nanoTime();
                    try (Batch batch = batches.next()) {
                        losses.add(step.applyAsDouble(batch));
                    }
                    seconds.add((System.nanoTime() - started) / 1e9);
                }
            }
        }
        return new Rehearsal(losses, seconds);
    }
}
