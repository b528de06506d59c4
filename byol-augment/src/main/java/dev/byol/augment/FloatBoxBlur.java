package dev.byol.augment;

/** {@link BoxGaussianBlur} of float images: the same boxes, with nothing rounded between the passes. */
final class FloatBoxBlur {
    private FloatBoxBlur() {}

    static void blur(Canvas canvas, float radius, int passes) {
        int width = canvas.width();
        int height = canvas.height();
        int channels = canvas.channels();
        int stride = width * channels;
        int length = canvas.length();
        float[] a = canvas.floats(0, length);
        float[] b = canvas.floatTarget(width, height);
        System.arraycopy(canvas.floatSamples(), 0, a, 0, length);
        Box box = Box.of(radius);
        for (int pass = 0; pass < passes; pass++) {
            for (int start = 0; start < length; start += stride) {
                for (int c = 0; c < channels; c++) {
                    box.slide(a, b, start + c, width, channels);
                }
            }
            System.arraycopy(b, 0, a, 0, length);
        }
        for (int pass = 0; pass < passes; pass++) {
            for (int i = 0; i < stride; i++) {
                box.slide(a, b, i, height, stride);
            }
            System.arraycopy(b, 0, a, 0, length);
        }
        FloatPixels.clip(b, length);
        canvas.advance();
    }

    /** A box of {@code 2 * radius + 1} samples of weight {@code inner} and one of weight {@code outer} on either side. */
    private record Box(int radius, double inner, double outer) {
        static Box of(float radius) {
            int full = (int) radius;
            double inner = 1 / (2.0 * radius + 1);
            return new Box(full, inner, (1 - (2 * full + 1) * inner) / 2);
        }

        /** Blurs {@code count} samples that are {@code step} apart; the first and the last are repeated outwards. */
        void slide(float[] in, float[] out, int start, int count, int step) {
            double sum = 0;
            for (int k = -radius - 1; k < radius; k++) {
                sum += in[start + clamp(k, count) * step];
            }
            for (int y = 0; y < count; y++) {
                float before = in[start + clamp(y - radius - 1, count) * step];
                float after = in[start + clamp(y + radius + 1, count) * step];
                sum += in[start + clamp(y + radius, count) * step] - (double) before;
                out[start + y * step] = (float) (inner * sum + outer * ((double) before + after));
            }
        }

        private static int clamp(int y, int count) {
            return Math.max(0, Math.min(count - 1, y));
        }
    }
}
