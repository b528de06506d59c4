package dev.byol.augment;

import java.util.Arrays;

/**
 * From which samples of a line a resized line's samples are made and with which weights, as Pillow has them: those of a
 * {@link Window} in 22-bit fixed point. The object is used again and again, so that its memory is.
 */
final class Taps {
    static final int PRECISION = 22;

    private final Window window = new Window();
    private int in;
    private int out;
    private int count;
    private int[] first = {};
    private int[] weights = {};

    /** For a line of {@code out} samples made of {@code in}. */
    void set(Interpolation filter, int in, int out) {
        this.in = in;
        this.out = out;
        window.set(filter, in, out);
        if (first.length < out) {
            first = new int[out];
        }
        int size = Math.multiplyExact(window.most(), out);
        if (weights.length < size) {
            weights = new int[size];
        }
        Arrays.fill(weights, 0, size, 0);
        count = 1;
        for (int x = 0; x < out; x++) {
            window.moveTo(x);
            first[x] = window.first();
            for (int k = 0; k < window.count(); k++) {
                double weight = window.weight(k);
                weights[k * out + x] = (int) (weight * (1 << PRECISION) + Math.copySign(0.5, weight));
            }
            count = Math.max(count, window.count());
        }
    }

    /** The most samples that one is made of. */
    int count() {
        return count;
    }

    /** The k-th sample that sample {@code x} is made of; one of weight 0 where there are not so many. */
    int source(int k, int x) {
        return Math.min(first[x] + k, in - 1);
    }

    /** The weight of that. */
    int weight(int k, int x) {
        return weights[k * out + x];
    }
}
