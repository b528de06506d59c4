package dev.byol.augment;

import java.util.random.RandomGenerator;

final class Draws {
    private Draws() {}

    static double uniform(RandomGenerator random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** Fisher-Yates. */
    static void shuffle(RandomGenerator random, Object[] items) {
        for (int i = items.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Object swapped = items[i];
            items[i] = items[j];
            items[j] = swapped;
        }
    }
}
