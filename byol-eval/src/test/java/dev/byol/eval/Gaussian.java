package dev.byol.eval;

import java.util.SplittableRandom;

/** Features for tests: independent standard normal values. */
final class Gaussian {
    private Gaussian() {}

    static Features features(int rows, int dimension, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * dimension];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Features.unlabelled(values, dimension);
    }
}
