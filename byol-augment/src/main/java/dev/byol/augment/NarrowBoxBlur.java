package dev.byol.augment;

/**
 * {@link BoxGaussianBlur} of byte images with boxes of radius 0 or 1, which have three or five taps: a sigma below 2.45.
 *
 * <p>A band of lines is taken apart into one plane a channel, with its edges repeated around it, and every pass is one loop
 * over a plane, from an array of ints into an array of bytes that holds ints, or back. For such a pair the JIT knows that
 * what is written is not what is read, so that it makes vector instructions of sums of shifted values.
 */
final class NarrowBoxBlur {
    private static final int HALF = 1 << 23;

    /** About as many pixels are worked on at a time. */
    private static final int BAND = 1 << 14;

    private static final int PASSES = 3;

    private final Canvas canvas;
    private final int inner;
    private final int outer;
    private final boolean five;

    /** How far the taps reach. */
    private final int edge;

    private final int width;
    private final int height;
    private final int channels;

    /** Values a line of a plane. */
    private final int line;

    NarrowBoxBlur(Canvas canvas, int radius, int inner, int outer) {
        this.canvas = canvas;
        this.inner = inner;
        this.outer = outer;
        five = radius == 1;
        edge = radius + 1;
        width = canvas.width();
        height = canvas.height();
        channels = canvas.channels();
        line = width + 2 * edge;
    }

    void blur() {
        int halo = PASSES * edge; // lines outside a band from which the vertical passes carry something into it
        int lines = Math.max(4 * halo, BAND / line);
        byte[] target = canvas.target(width, height);
        for (int top = 0; top < height; top += lines) {
            int bottom = Math.min(height, top + lines);
            for (int channel = 0; channel < channels; channel += 3) {
                int first = Math.max(0, top - halo);
                int count = Math.min(height, bottom + halo) - first;
                int together = Math.min(3, channels - channel);
                int[] pixels = blur(first, count, channel, together);
                for (int y = top; y < bottom; y++) {
                    Pixels.store(
                            pixels,
                            (y - first + edge) * line + edge,
                            target,
                            y * width * channels + channel,
                            channels,
                            together,
                            width);
                }
            }
        }
        canvas.advance();
    }

    /** Some lines of some channels, blurred, with a margin of {@code edge} around them. */
    private int[] blur(int first, int count, int channel, int together) {
        int length = (count + 2 * edge) * line;
        int[] pixels = canvas.ints(0, length);
        byte[] samples = canvas.samples();
        for (int y = 0; y < count; y++) {
            int start = (first + y) * width * channels + channel;
            Pixels.load(samples, start, channels, pixels, (y + edge) * line + edge, width);
        }
        for (int c = 0; c < together; c++) {
            int[] plane = canvas.ints(1 + c, length);
            split(Pixels.APART, pixels, 8 * c, plane, length);
            blur(plane, canvas.bytes(4 * length), count);
        }
        for (int c = together; c < 3; c++) {
            canvas.ints(1 + c, length);
        }
        Pixels.join(
                Pixels.APART, canvas.ints(1, length), canvas.ints(2, length), canvas.ints(3, length), pixels, length);
        return pixels;
    }

    private static void split(int apart, int[] pixels, int channel, int[] plane, int length) {
        if (apart > 0) {
            split(apart - 1, pixels, channel, plane, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            plane[i] = (pixels[i] >>> channel) & 0xFF;
        }
    }

    private void blur(int[] a, byte[] b, int lines) {
        // the step to the next value is 1, and the JIT must not know: for constant shifts it makes no vector
        // instructions
        int step = Integer.signum(width);
        int start = edge * line;
        int length = lines * line - 2 * edge;
        repeatSides(a, lines);
        filter(a, b, start, step, length);
        repeatSides(b, lines);
        filter(b, a, start, step, length);
        repeatSides(a, lines);
        filter(a, b, start, step, length);
        length = lines * line;
        repeatEnds(b, 4 * line, lines);
        filter(b, a, 0, line, length);
        repeatEnds(a, line, lines);
        filter(a, b, 0, line, length);
        repeatEnds(b, 4 * line, lines);
        filter(b, a, 0, line, length);
    }

    private void repeatSides(int[] a, int lines) {
        for (int y = 0; y < lines; y++) {
            int left = (y + edge) * line;
            int right = left + edge + width;
            for (int k = 0; k < edge; k++) {
                a[left + k] = a[left + edge];
                a[right + k] = a[right - 1];
            }
        }
    }

    private void repeatSides(byte[] b, int lines) {
        for (int y = 0; y < lines; y++) {
            int left = (y + edge) * line;
            int right = left + edge + width;
            for (int k = 0; k < edge; k++) {
                Pixels.INT.set(b, 4 * (left + k), (int) Pixels.INT.get(b, 4 * (left + edge)));
                Pixels.INT.set(b, 4 * (right + k), (int) Pixels.INT.get(b, 4 * (right - 1)));
            }
        }
    }

    private void repeatEnds(Object plane, int line, int lines) {
        for (int k = 0; k < edge; k++) {
            System.arraycopy(plane, edge * line, plane, k * line, line);
            System.arraycopy(plane, (edge + lines - 1) * line, plane, (edge + lines + k) * line, line);
        }
    }

    private void filter(int[] in, byte[] out, int start, int step, int length) {
        if (five) {
            five(
                    Pixels.APART,
                    in,
                    start,
                    start + step,
                    start + 2 * step,
                    start + 3 * step,
                    start + 4 * step,
                    inner,
                    outer,
                    out,
                    length);
        } else {
            three(Pixels.APART, in, start, start + step, start + 2 * step, inner, outer, out, length);
        }
    }

    private void filter(byte[] in, int[] out, int start, int step, int length) {
        if (five) {
            five(
                    Pixels.APART,
                    in,
                    start,
                    start + step,
                    start + 2 * step,
                    start + 3 * step,
                    start + 4 * step,
                    inner,
                    outer,
                    out,
                    length);
        } else {
            three(Pixels.APART, in, start, start + step, start + 2 * step, inner, outer, out, length);
        }
    }

    private static void three(int apart, int[] in, int a, int b, int c, int inner, int outer, byte[] out, int length) {
        if (apart > 0) {
            three(apart - 1, in, a, b, c, inner, outer, out, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            int sum = inner * in[i + b] + outer * (in[i + a] + in[i + c]);
            Pixels.INT.set(out, 4 * (i + b), (sum + HALF) >>> 24);
        }
    }

    private static void three(int apart, byte[] in, int a, int b, int c, int inner, int outer, int[] out, int length) {
        if (apart > 0) {
            three(apart - 1, in, a, b, c, inner, outer, out, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            int outside = (int) Pixels.INT.get(in, 4 * (i + a)) + (int) Pixels.INT.get(in, 4 * (i + c));
            int sum = inner * (int) Pixels.INT.get(in, 4 * (i + b)) + outer * outside;
            out[i + b] = (sum + HALF) >>> 24;
        }
    }

    private static void five(
            int apart, int[] in, int a, int b, int c, int d, int e, int inner, int outer, byte[] out, int length) {
        if (apart > 0) {
            five(apart - 1, in, a, b, c, d, e, inner, outer, out, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            int sum = inner * (in[i + b] + in[i + c] + in[i + d]) + outer * (in[i + a] + in[i + e]);
            Pixels.INT.set(out, 4 * (i + c), (sum + HALF) >>> 24);
        }
    }

    private static void five(
            int apart, byte[] in, int a, int b, int c, int d, int e, int inner, int outer, int[] out, int length) {
        if (apart > 0) {
            five(apart - 1, in, a, b, c, d, e, inner, outer, out, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            int inside = (int) Pixels.INT.get(in, 4 * (i + b))
                    + (int) Pixels.INT.get(in, 4 * (i + c))
                    + (int) Pixels.INT.get(in, 4 * (i + d));
            int outside = (int) Pixels.INT.get(in, 4 * (i + a)) + (int) Pixels.INT.get(in, 4 * (i + e));
            out[i + c] = (inner * inside + outer * outside + HALF) >>> 24;
        }
    }
}
