package dev.byol.augment;

/** Antialiased resampling of float images, with the filters and positions of {@link Resampler} and no rounding in between. */
final class FloatResampler {
    private FloatResampler() {}

    /** Cuts a rectangle out and resizes it; bicubic overshoot is clipped at the end. */
    static void resizedCrop(
            Canvas canvas, int top, int left, int height, int width, Size result, Interpolation interpolation) {
        int channels = canvas.channels();
        int stride = canvas.width() * channels;
        int length = result.width() * channels;
        float[] to = canvas.floatTarget(result.width(), result.height());
        float[] lines = canvas.floats(0, height * length);
        Filter columns = new Filter(width, result.width(), interpolation);
        for (int x = 0; x < result.width(); x++) {
            columns.moveTo(x);
            for (int y = 0; y < height; y++) {
                int from = (top + y) * stride + left * channels;
                columns.sum(canvas.floatSamples(), from, channels, lines, y * length + x * channels, channels);
            }
        }
        Filter rows = new Filter(height, result.height(), interpolation);
        for (int y = 0; y < result.height(); y++) {
            rows.moveTo(y);
            rows.sum(lines, 0, length, to, y * length, length);
        }
        FloatPixels.clip(to, result.height() * length);
        canvas.advance();
    }

    /** The weights of one resulting index after the other. */
    private static final class Filter {
        private final int count;
        private final double scale;
        private final double stretch;
        private final Interpolation interpolation;
        private final float[] weights;
        private int first;
        private int taps;

        Filter(int from, int to, Interpolation interpolation) {
            this.count = from;
            this.scale = (double) from / to;
            this.stretch = Math.max(scale, 1);
            this.interpolation = interpolation;
            this.weights = new float[(int) Math.ceil(interpolation.support() * stretch) * 2 + 1];
        }

        void moveTo(int index) {
            double centre = (index + 0.5) * scale;
            double support = interpolation.support() * stretch;
            first = Math.max((int) (centre - support + 0.5), 0);
            taps = Math.min((int) (centre + support + 0.5), count) - first;
            double sum = 0;
            for (int k = 0; k < taps; k++) {
                sum += weight(k, centre);
            }
            for (int k = 0; k < taps; k++) {
                weights[k] = (float) (weight(k, centre) / sum);
            }
        }

        private double weight(int k, double centre) {
            return interpolation.at((first + k - centre + 0.5) / stretch);
        }

        /** Weighs groups of {@code length} samples that are {@code step} apart. */
        void sum(float[] in, int from, int step, float[] out, int to, int length) {
            for (int i = 0; i < length; i++) {
                out[to + i] = weights[0] * in[from + first * step + i];
            }
            for (int k = 1; k < taps; k++) {
                float w = weights[k];
                int p = from + (first + k) * step;
                for (int i = 0; i < length; i++) {
                    out[to + i] += w * in[p + i];
                }
            }
        }
    }
}
