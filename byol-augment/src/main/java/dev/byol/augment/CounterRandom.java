package dev.byol.augment;

import java.util.random.RandomGenerator;

/**
 * A stream of random numbers that is a function of four counters, so that whoever draws for the same sample gets the same
 * numbers on any thread, in any order. The counters are mixed by SplitMix64's finaliser (Steele, Lea, Flood, 2014, "Fast
 * splittable pseudorandom number generators"), and the stream is SplitMix64 from there; the numbers are the same on every
 * JDK and machine. One instance belongs to one thread.
 */
public final class CounterRandom implements RandomGenerator {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private CounterRandom(long state) {
        this.state = state;
    }

    /** The stream of one view of one sample in one epoch; streams that differ in any of the four are unrelated. */
    public static CounterRandom of(long seed, long epoch, long sample, long view) {
        long state = mix(seed + GAMMA);
        state = mix(state + epoch + GAMMA);
        state = mix(state + sample + GAMMA);
        return new CounterRandom(mix(state + view + GAMMA));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1), a multiple of 2^-53. */
    @Override
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /**
     * Uniform in [0, bound), up to a bias below {@code bound / 2^32}.
     *
     * @throws IllegalArgumentException if the bound is below 1
     */
    @Override
    public int nextInt(int bound) {
        Check.atLeast("bound", bound, 1);
        return (int) (((nextLong() >>> 32) * bound) >>> 32);
    }
}
