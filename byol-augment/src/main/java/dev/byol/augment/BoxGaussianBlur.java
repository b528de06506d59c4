package dev.byol.augment;

import java.util.Arrays;

/**
 * Pillow's {@code GaussianBlur}: along each axis three box filters of fractional width whose variances add up to that of
 * the Gaussian (Gwosdek et al., 2011, "Theoretical foundations of Gaussian convolution by extended box filtering"). Edge
 * pixels are repeated outwards; every pass is rounded to 8 bits, of float images none is.
 *
 * @param sigma standard deviation in pixels, in [0, 1000]; Pillow calls it the radius
 */
public record BoxGaussianBlur(double sigma) implements Operation {
    private static final int PASSES = 3;

    /** @throws IllegalArgumentException if sigma is outside [0, 1000] */
    public BoxGaussianBlur {
        Check.range("blur sigma", sigma, 0, 1000);
    }

    @Override
    public void apply(Canvas canvas) {
        if (canvas.isFloat()) {
            FloatBoxBlur.blur(canvas, radius((float) sigma), PASSES);
            return;
        }
        int width = canvas.width();
        int height = canvas.height();
        int channels = canvas.channels();
        int stride = width * channels;
        Box box = box();
        if (box.radius() <= 1) {
            new NarrowBoxBlur(canvas, box.radius(), box.inner(), box.outer()).blur();
            return;
        }
        int[] sum = canvas.rows(2, 1, Math.max(stride, height * channels))[0];

        int[][] a = canvas.rows(0, width, height * channels);
        int[][] b = canvas.rows(1, width, height * channels);
        Rows.loadTransposed(canvas.samples(), stride, width, height, channels, a);
        box.blurThrice(a, b, sum, width, height * channels);

        a = canvas.rows(0, height, stride);
        Rows.transpose(b, width, height, channels, a);
        b = canvas.rows(1, height, stride);
        box.blurThrice(a, b, sum, height, stride);
        Rows.store(b, height, stride, canvas.target(width, height));
        canvas.advance();
    }

    Box box() {
        return Box.of(radius((float) sigma));
    }

    /** The boxes' fractional radius in Pillow's float32 arithmetic; equations (7), (11) and (14) of the paper. */
    private static float radius(float sigma) {
        float variance = sigma * sigma / PASSES;
        float length = (float) Math.sqrt(12.0 * variance + 1.0);
        float whole = (float) Math.floor((length - 1.0) / 2.0);
        float fraction = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
        fraction /= 6 * (variance - (whole + 1) * (whole + 1));
        return whole + fraction;
    }

    /** A box of {@code 2 * radius + 1} rows of weight {@code inner} and one row of weight {@code outer} on either side, in 24-bit fixed point. */
    record Box(int radius, int inner, int outer) {
        static Box of(float radius) {
            int inner = (int) ((float) (1 << 24) / (radius * 2 + 1));
            int full = (int) radius;
            return new Box(full, inner, ((1 << 24) - (2 * full + 1) * inner) / 2);
        }

        /** Overwrites {@code a} and leaves the result in {@code b}. */
        void blurThrice(int[][] a, int[][] b, int[] sum, int count, int length) {
            blur(a, b, sum, count, length);
            blur(b, a, sum, count, length);
            blur(a, b, sum, count, length);
        }

        private void blur(int[][] in, int[][] out, int[] sum, int count, int length) {
            Arrays.fill(sum, 0, length, 0);
            for (int k = -radius - 1; k < radius; k++) {
                add(in[clamp(k, count)], sum, length);
            }
            for (int y = 0; y < count; y++) {
                int[] before = in[clamp(y - radius - 1, count)];
                int[] last = in[clamp(y + radius, count)];
                int[] after = in[clamp(y + radius + 1, count)];
                slide(before, last, after, sum, out[y], length);
            }
        }

        private static int clamp(int y, int count) {
            return Math.max(0, Math.min(count - 1, y));
        }

        private static void add(int[] row, int[] sum, int length) {
            for (int i = 0; i < length; i++) {
                sum[i] += row[i];
            }
        }

        private void slide(int[] before, int[] last, int[] after, int[] sum, int[] out, int length) {
            int wi = inner;
            int wo = outer;
            for (int i = 0; i < length; i++) {
                int s = sum[i] + last[i] - before[i];
                sum[i] = s;
                out[i] = (wi * s + wo * (before[i] + after[i]) + (1 << 23)) >>> 24;
            }
        }
    }
}
