package dev.byol.augment.load;

import dev.byol.augment.CounterRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** The order in which an epoch visits the images: a permutation of their indices that is a function of (seed, epoch). */
final class Order {
    private static final long NO_SAMPLE = -1;

    private final int[] samples;
    private final Set<Integer> broken = ConcurrentHashMap.newKeySet();

    private Order(int[] samples) {
        this.samples = samples;
    }

    /** By Fisher and Yates. */
    static Order of(int size, long seed, long epoch) {
        int[] samples = new int[size];
        RandomGenerator random = CounterRandom.of(seed, epoch, NO_SAMPLE, NO_SAMPLE);
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            samples[i] = samples[j];
            samples[j] = i;
        }
        return new Order(samples);
    }

    int size() {
        return samples.length;
    }

    /** The index of the image at a position. */
    int at(int position) {
        return samples[position];
    }

    /** The images that may stand in for the one at a position, by attempt from 0 to {@code size() - 1}. */
    int substitute(int position, int attempt) {
        long far = (long) position + samples.length / 2 + attempt;
        return samples[(int) (far % samples.length)];
    }

    /** Whether an image was found to be unreadable in this epoch. */
    boolean isBroken(int sample) {
        return !broken.isEmpty() && broken.contains(sample);
    }

    void markBroken(int sample) {
        broken.add(sample);
    }
}
