package dev.byol.augment;

import java.util.Arrays;

/**
 * Convolution with a Gaussian that is sampled at whole pixels and cut off: torchvision's {@code gaussian_blur} with
 * {@link Border#REFLECT}, the blur of SimCLR's and BYOL's code with {@link Border#ZERO}. Weights {@code exp(-x^2 / (2 sigma^2))}
 * that add up to 1, in float32; bytes are rounded once, half to even. Unlike torchvision's, it takes images smaller than the
 * kernel, which are mirrored again and again.
 *
 * @param kernel pixels of the kernel along each axis, odd, in [1, 2001]
 * @param sigma standard deviation in pixels, above 0
 * @param border what lies outside the image
 */
public record GaussianBlur(int kernel, double sigma, Border border) implements Operation {
    /** Added to a float below 2^22, this leaves its nearest integer in the lowest bits. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final int OUTSIDE = -1;

    /** @throws IllegalArgumentException if the kernel is even or outside [1, 2001], or sigma is not above 0 and finite */
    public GaussianBlur {
        checkKernel(kernel);
        if (!(sigma > 0 && sigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("blur sigma must be finite and above 0, got " + sigma);
        }
    }

    static void checkKernel(int kernel) {
        if (kernel < 1 || kernel > 2001 || kernel % 2 == 0) {
            throw new IllegalArgumentException("blur kernel must be odd and in [1, 2001], got " + kernel);
        }
    }

    @Override
    public void apply(Canvas canvas) {
        int width = canvas.width();
        int height = canvas.height();
        int channels = canvas.channels();
        int stride = width * channels;
        int radius = kernel / 2;
        int margin = radius * channels;
        int kept = Math.min(height, kernel);
        float[] weights = weights(canvas.floats(0, radius + 1));
        float[] line = canvas.floats(1, stride + 2 * margin);
        float[][] rows = canvas.floatRows(kept + 3, stride);
        float[] sum = rows[kept];
        Object target = canvas.isFloat() ? canvas.floatTarget(width, height) : canvas.target(width, height);
        int loaded = 0;
        for (int y = 0; y < height; y++) {
            for (; loaded <= Math.min(height - 1, y + radius); loaded++) {
                load(canvas, loaded * stride, line, margin, stride);
                extend(line, width, radius, channels);
                float[] blurred = rows[loaded % kept]; // a ring: as many lines as the kernel has
                along(line, margin, channels, weights, radius, blurred, rows[kept + 1], rows[kept + 2], stride);
            }
            scale(rows[y % kept], weights[0], sum, stride);
            for (int k = 1; k <= radius; k++) {
                int above = place(y - k, height);
                int below = place(y + k, height);
                if (above != OUTSIDE && below != OUTSIDE) {
                    add(rows[above % kept], rows[below % kept], weights[k], sum, stride);
                } else if (above != OUTSIDE || below != OUTSIDE) {
                    add(rows[Math.max(above, below) % kept], weights[k], sum, stride);
                }
            }
            if (target instanceof float[] floats) {
                store(sum, floats, y * stride, stride);
            } else {
                store(sum, (byte[]) target, y * stride, stride);
            }
        }
        canvas.advance();
    }

    /** The weight of the centre and those to one side of it. */
    float[] weights(float[] to) {
        int radius = kernel / 2;
        double sum = 1;
        for (int k = 1; k <= radius; k++) {
            sum += 2 * weight(k);
        }
        for (int k = 0; k <= radius; k++) {
            to[k] = (float) (weight(k) / sum);
        }
        return to;
    }

    private double weight(int distance) {
        double x = distance / sigma;
        return StrictMath.exp(-0.5 * x * x);
    }

    /** The index within {@code [0, count)} of one that may lie outside, or {@link #OUTSIDE}. */
    private int place(int index, int count) {
        if (index >= 0 && index < count) {
            return index;
        }
        if (border == Border.ZERO) {
            return OUTSIDE;
        }
        int period = Math.max(1, 2 * (count - 1));
        int i = Math.floorMod(index, period);
        return i < count ? i : period - i;
    }

    private static void load(Canvas canvas, int from, float[] line, int to, int length) {
        if (canvas.isFloat()) {
            System.arraycopy(canvas.floatSamples(), from, line, to, length);
        } else {
            byte[] samples = canvas.samples();
            for (int i = 0; i < length; i++) {
                line[to + i] = samples[from + i] & 0xFF;
            }
        }
    }

    private void extend(float[] line, int width, int radius, int channels) {
        for (int k = 0; k < radius; k++) {
            set(line, k, place(k - radius, width), radius, channels);
            set(line, radius + width + k, place(width + k, width), radius, channels);
        }
    }

    private static void set(float[] line, int pixel, int source, int radius, int channels) {
        int to = pixel * channels;
        if (source == OUTSIDE) {
            Arrays.fill(line, to, to + channels, 0);
        } else {
            System.arraycopy(line, (radius + source) * channels, line, to, channels);
        }
    }

    /** Copies what is to be added to equal indices first, for the JIT compiles only such loops to vector instructions. */
    private static void along(
            float[] line,
            int margin,
            int channels,
            float[] weights,
            int radius,
            float[] out,
            float[] left,
            float[] right,
            int length) {
        System.arraycopy(line, margin, left, 0, length);
        scale(left, weights[0], out, length);
        for (int k = 1; k <= radius; k++) {
            System.arraycopy(line, margin - k * channels, left, 0, length);
            System.arraycopy(line, margin + k * channels, right, 0, length);
            add(left, right, weights[k], out, length);
        }
    }

    private static void scale(float[] in, float weight, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] = weight * in[i];
        }
    }

    private static void add(float[] in, float weight, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] += weight * in[i];
        }
    }

    private static void add(float[] a, float[] b, float weight, float[] out, int length) {
        for (int i = 0; i < length; i++) {
            out[i] += weight * (a[i] + b[i]);
        }
    }

    private static void store(float[] sum, byte[] to, int at, int length) {
        for (int i = 0; i < length; i++) {
            to[at + i] = (byte) Float.floatToRawIntBits(sum[i] + ROUNDER);
        }
    }

    private static void store(float[] sum, float[] to, int at, int length) {
        for (int i = 0; i < length; i++) {
            to[at + i] = FloatPixels.clip(sum[i]);
        }
    }
}
