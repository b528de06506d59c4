package dev.byol.augment;

/**
 * Pillow's antialiased resampling of rows: a filter stretched by the scale when shrinking, weights in 22-bit fixed point,
 * results rounded to 8 bits.
 */
final class Resampler {
    private static final int PRECISION = 22;
    private static final int HALF = 1 << (PRECISION - 1);

    private int[] weights = {};
    private double[] exact = {};

    /** Makes {@code outCount} rows from {@code inCount} rows, of {@code length} samples each. */
    void resample(Interpolation filter, int[][] in, int inCount, int[][] out, int outCount, int length) {
        double scale = (double) inCount / outCount;
        double stretch = Math.max(scale, 1);
        double support = filter.support() * stretch;
        int most = (int) Math.ceil(support) * 2 + 1;
        if (weights.length < most) {
            weights = new int[most];
            exact = new double[most];
        }
        for (int y = 0; y < outCount; y++) {
            double centre = (y + 0.5) * scale;
            int first = Math.max((int) (centre - support + 0.5), 0);
            int count = Math.min((int) (centre + support + 0.5), inCount) - first;
            weigh(filter, centre - first, 1 / stretch, count);
            if (count == 2 && weights[0] >= 0 && weights[1] >= 0) {
                mix(in[first], weights[0], in[first + 1], weights[1], out[y], length);
            } else {
                accumulate(in, first, count, out[y], length);
            }
        }
    }

    private void weigh(Interpolation filter, double centre, double inverse, int count) {
        double sum = 0;
        for (int k = 0; k < count; k++) {
            exact[k] = filter.at((k - centre + 0.5) * inverse);
            sum += exact[k];
        }
        for (int k = 0; k < count; k++) {
            weights[k] = (int) (exact[k] / sum * (1 << PRECISION) + Math.copySign(0.5, exact[k]));
        }
    }

    private static void mix(int[] a, int wa, int[] b, int wb, int[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = (wa * a[i] + wb * b[i] + HALF) >> PRECISION;
        }
    }

    private void accumulate(int[][] in, int first, int count, int[] out, int length) {
        start(in[first], weights[0], out, length);
        for (int k = 1; k < count; k++) {
            add(in[first + k], weights[k], out, length);
        }
        finish(out, length);
    }

    private static void start(int[] a, int weight, int[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = weight * a[i] + HALF;
        }
    }

    private static void add(int[] a, int weight, int[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] += weight * a[i];
        }
    }

    private static void finish(int[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = Math.max(0, Math.min(out[i] >> PRECISION, 255));
        }
    }
}
