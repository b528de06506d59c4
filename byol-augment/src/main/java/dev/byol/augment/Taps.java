package dev.byol.augment;

import java.util.Arrays;

/**
 * From which samples of a line a resized line's samples are made and with which weights, as Pillow has them: a filter
 * stretched by the scale when shrinking, cut off at the line's ends, normalised, in 22-bit fixed point. The object is used
 * again and again, so that its memory is.
 */
final class Taps {
    static final int PRECISION = 22;

    private int in;
    private int out;
    private int count;
    private int[] first = {};
    private int[] weights = {};
    private double[] exact = {};

    /** For a line of {@code out} samples made of {@code in}. */
    void set(Interpolation filter, int in, int out) {
        this.in = in;
        this.out = out;
        double scale = (double) in / out;
        double stretch = Math.max(scale, 1);
        double support = filter.support() * stretch;
        int most = (int) Math.min(Math.ceil(support) * 2 + 1, in);
        if (exact.length < most) {
            exact = new double[most];
        }
        if (first.length < out) {
            first = new int[out];
        }
        int size = Math.multiplyExact(most, out);
        if (weights.length < size) {
            weights = new int[size];
        }
        Arrays.fill(weights, 0, size, 0);
        count = 1;
        for (int x = 0; x < out; x++) {
            double centre = (x + 0.5) * scale;
            first[x] = Math.max((int) (centre - support + 0.5), 0);
            int taps = Math.min((int) (centre + support + 0.5), in) - first[x];
            weigh(filter, centre - first[x], 1 / stretch, taps, x);
            count = Math.max(count, taps);
        }
    }

    private void weigh(Interpolation filter, double centre, double inverse, int taps, int x) {
        double sum = 0;
        for (int k = 0; k < taps; k++) {
            exact[k] = filter.at((k - centre + 0.5) * inverse);
            sum += exact[k];
        }
        for (int k = 0; k < taps; k++) {
            weights[k * out + x] = (int) (exact[k] / sum * (1 << PRECISION) + Math.copySign(0.5, exact[k]));
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
