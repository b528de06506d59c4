package dev.byol.augment;

import java.util.Arrays;

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
        Window window = new Window();
        window.set(interpolation, width, result.width());
        for (int x = 0; x < result.width(); x++) {
            window.moveTo(x);
            for (int y = 0; y < height; y++) {
                int from = (top + y) * stride + left * channels;
                sum(window, canvas.floatSamples(), from, channels, lines, y * length + x * channels, channels);
            }
        }
        window.set(interpolation, height, result.height());
        for (int y = 0; y < result.height(); y++) {
            window.moveTo(y);
            sum(window, lines, 0, length, to, y * length, length);
        }
        FloatPixels.clip(to, result.height() * length);
        canvas.advance();
    }

    /** Weighs groups of {@code length} samples that are {@code step} apart. */
    private static void sum(Window window, float[] in, int from, int step, float[] out, int to, int length) {
        Arrays.fill(out, to, to + length, 0);
        for (int k = 0; k < window.count(); k++) {
            float weight = (float) window.weight(k);
            int p = from + (window.first() + k) * step;
            for (int i = 0; i < length; i++) {
                out[to + i] += weight * in[p + i];
            }
        }
    }
}
