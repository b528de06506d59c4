package dev.byol.augment;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

final class Draws {
    private Draws() {}

    static double uniform(RandomGenerator random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    /** The operations whose strength is above 0. */
    static Operation[] present(Operation[] operations, double... strengths) {
        Operation[] present = new Operation[operations.length];
        int count = 0;
        for (int i = 0; i < operations.length; i++) {
            if (strengths[i] > 0) {
                present[count++] = operations[i];
            }
        }
        return Arrays.copyOf(present, count);
    }

    /** The operations whose strength is above 0, in random order. */
    static List<Operation> shuffled(RandomGenerator random, Operation[] operations, double... strengths) {
        Operation[] drawn = present(operations, strengths);
        shuffle(random, drawn);
        return List.of(drawn);
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
