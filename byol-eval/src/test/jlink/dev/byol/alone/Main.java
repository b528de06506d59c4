package dev.byol.alone;

import dev.byol.eval.*;
import java.util.Random;

/** Two probes of features that are drawn. */
public final class Main {
    public static void main(String... args) {
        Random random = new Random(1);
        float[] values = new float[200 * 8];
        int[] labels = new int[200];
        for (int i = 0; i < values.length; i++) {
            labels[i / 8] = i / 8 % 4;
            values[i] = (float) random.nextGaussian() + (i % 8 == labels[i / 8] ? 2 : 0);
        }
        Features all = Features.of(values, 8, labels);
        System.out.println(new CSweep().score(all, all));
        System.out.println(Knn.weighted(20, 0.07).score(all, all));
        System.out.println(Spectrum.of(all).effectiveRank());
    }
}
