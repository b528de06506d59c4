package dev.byol.augment;

import java.util.Arrays;

/**
 * Pillow's antialiased resizing of byte images: first along the lines, then across, each rounded to 8 bits.
 *
 * <p>The loops are not over lines and columns. What the pixels of a band of lines are made of is gathered into an array, tap
 * by tap, with the weights in another; the arithmetic is then a loop over equal indices, which the JIT makes vector
 * instructions of, and is the same along both axes.
 */
final class Resampler {
    private static final int HALF = 1 << (Taps.PRECISION - 1);

    /** About as many pixels are made at a time. */
    private static final int BAND = 2304;

    /** The most weights of a band. */
    private static final int WEIGHTS = 1 << 16;

    private final Canvas canvas;
    private final Taps taps = new Taps();

    private int[] pixels = {};
    private int[] red = {};
    private int[] green = {};
    private int[] blue = {};

    Resampler(Canvas canvas) {
        this.canvas = canvas;
    }

    /** Resizes the {@code width} by {@code height} pixels from sample {@code start} of the canvas's image on. */
    void resize(int start, int width, int height, Size result, Interpolation filter, byte[] to) {
        int channels = canvas.channels();
        for (int channel = 0; channel < channels; channel += 3) {
            int[] lines = canvas.ints(0, Math.multiplyExact(height, result.width()));
            if (width == result.width()) {
                load(start + channel, width, height, lines);
            } else {
                taps.set(filter, width, result.width());
                along(start + channel, height, result.width(), lines);
            }
            if (height != result.height()) {
                taps.set(filter, height, result.height());
                int[] resized = canvas.ints(1, Math.multiplyExact(result.height(), result.width()));
                across(lines, result.width(), result.height(), resized);
                lines = resized;
            }
            int together = Math.min(3, channels - channel);
            for (int y = 0; y < result.height(); y++) {
                int first = y * result.width();
                Pixels.store(lines, first, to, first * channels + channel, channels, together, result.width());
            }
        }
    }

    private void load(int start, int width, int height, int[] lines) {
        int stride = canvas.width() * canvas.channels();
        for (int y = 0; y < height; y++) {
            Pixels.load(canvas.samples(), start + y * stride, canvas.channels(), lines, y * width, width);
        }
    }

    private void along(int start, int height, int width, int[] to) {
        int count = taps.count();
        int band = band(width, height, count);
        int size = band * width;
        reserve(size);
        int[][] offsets = canvas.rows(0, count, width);
        int[][] weights = canvas.rows(1, count, size);
        for (int k = 0; k < count; k++) {
            for (int x = 0; x < width; x++) {
                offsets[k][x] = taps.source(k, x) * canvas.channels();
                weights[k][x] = taps.weight(k, x);
            }
            for (int y = 1; y < band; y++) {
                System.arraycopy(weights[k], 0, weights[k], y * width, width);
            }
        }
        for (int top = 0; top < height; top += band) {
            int lines = Math.min(band, height - top);
            for (int k = 0; k < count; k++) {
                gather(start, top, lines, width, offsets[k]);
                add(k, weights[k], lines * width);
            }
            finish(to, top * width, lines * width);
        }
    }

    private static int band(int width, int height, int count) {
        return Math.max(1, Math.min(height, Math.min(BAND, WEIGHTS / count) / width));
    }

    private void reserve(int size) {
        pixels = canvas.ints(2, size);
        red = canvas.ints(3, size);
        green = canvas.ints(4, size);
        blue = canvas.ints(5, size);
    }

    private void gather(int start, int top, int lines, int width, int[] offsets) {
        byte[] samples = canvas.samples();
        int stride = canvas.width() * canvas.channels();
        for (int y = 0; y < lines; y++) {
            int line = start + (top + y) * stride;
            int safe = width;
            while (safe > 0 && line + offsets[safe - 1] > samples.length - 4) {
                safe--;
                pixels[y * width + safe] = Pixels.last(samples, line + offsets[safe]);
            }
            gather(Pixels.APART, samples, line, offsets, pixels, y * width, safe);
        }
    }

    private static void gather(int apart, byte[] samples, int line, int[] offsets, int[] to, int at, int count) {
        if (apart > 0) {
            gather(apart - 1, samples, line, offsets, to, at, count);
            return;
        }
        for (int x = 0; x < count; x++) {
            to[at + x] = (int) Pixels.INT.get(samples, line + offsets[x]);
        }
    }

    private void across(int[] from, int width, int height, int[] to) {
        int count = taps.count();
        int band = band(width, height, 1);
        int size = band * width;
        reserve(size);
        int[] weights = canvas.ints(6, size);
        for (int top = 0; top < height; top += band) {
            int lines = Math.min(band, height - top);
            for (int k = 0; k < count; k++) {
                for (int y = 0; y < lines; y++) {
                    int at = y * width;
                    System.arraycopy(from, taps.source(k, top + y) * width, pixels, at, width);
                    Arrays.fill(weights, at, at + width, taps.weight(k, top + y));
                }
                add(k, weights, lines * width);
            }
            finish(to, top * width, lines * width);
        }
    }

    /** Adds the k-th tap of {@code n} pixels. */
    private void add(int k, int[] weights, int n) {
        if (k == 0) {
            begin(Pixels.APART, pixels, 0, weights, red, n);
            begin(Pixels.APART, pixels, 8, weights, green, n);
            begin(Pixels.APART, pixels, 16, weights, blue, n);
        } else {
            add(Pixels.APART, pixels, 0, weights, red, n);
            add(Pixels.APART, pixels, 8, weights, green, n);
            add(Pixels.APART, pixels, 16, weights, blue, n);
        }
    }

    private static void begin(int apart, int[] pixels, int channel, int[] weights, int[] sum, int n) {
        if (apart > 0) {
            begin(apart - 1, pixels, channel, weights, sum, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            sum[i] = HALF + weights[i] * ((pixels[i] >>> channel) & 0xFF);
        }
    }

    private static void add(int apart, int[] pixels, int channel, int[] weights, int[] sum, int n) {
        if (apart > 0) {
            add(apart - 1, pixels, channel, weights, sum, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            sum[i] += weights[i] * ((pixels[i] >>> channel) & 0xFF);
        }
    }

    private void finish(int[] to, int at, int n) {
        round(Pixels.APART, red, n);
        round(Pixels.APART, green, n);
        round(Pixels.APART, blue, n);
        Pixels.join(Pixels.APART, red, green, blue, pixels, n);
        System.arraycopy(pixels, 0, to, at, n);
    }

    private static void round(int apart, int[] sum, int n) {
        if (apart > 0) {
            round(apart - 1, sum, n);
            return;
        }
        for (int i = 0; i < n; i++) {
            sum[i] = Pixels.clip(sum[i] >> Taps.PRECISION);
        }
    }
}
