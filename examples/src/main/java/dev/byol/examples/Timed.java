package dev.byol.examples;

import java.util.ArrayList;
import java.util.List;

/**
 * How long something took that was done several times.
 *
 * @param medianSeconds on the clock
 * @param meanSeconds on the clock, from the first to the last
 * @param cpuSeconds of the whole process, in the mean
 */
record Timed(double medianSeconds, double meanSeconds, double cpuSeconds) {
    /** Does it so often, and for so many seconds at least. */
    static Timed of(int times, double seconds, Runnable work) {
        List<Double> each = new ArrayList<>();
        long cpu = Benchmark.cpuNanos();
        long start = System.nanoTime();
        long last = start;
        while (each.size() < times || last - start < seconds * 1e9) {
            work.run();
            long now = System.nanoTime();
            each.add((now - last) / 1e9);
            last = now;
        }
        int count = each.size();
        return new Timed(
                AugmentFigures.median(each), (last - start) / 1e9 / count, (Benchmark.cpuNanos() - cpu) / 1e9 / count);
    }
}
