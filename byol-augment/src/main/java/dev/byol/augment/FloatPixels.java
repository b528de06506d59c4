package dev.byol.augment;

/** The operations that move or change pixels one by one, on float images: torchvision's on float tensors. */
final class FloatPixels {
    private FloatPixels() {}

    static float clip(float value) {
        return Math.max(0, Math.min(1, value));
    }

    static void clip(float[] samples, int length) {
        for (int i = 0; i < length; i++) {
            samples[i] = clip(samples[i]);
        }
    }

    /** From 0 to 255 to 0 to 1. */
    static void ofBytes(byte[] from, float[] to, int length) {
        for (int i = 0; i < length; i++) {
            to[i] = (from[i] & 0xFF) / 255f;
        }
    }

    static float luma(float r, float g, float b) {
        return 0.2989f * r + 0.587f * g + 0.114f * b;
    }

    private static float blend(float from, float to, float factor) {
        return clip(factor * to + (1 - factor) * from);
    }

    static void flipHorizontally(Canvas canvas) {
        float[] from = canvas.floatSamples();
        float[] to = canvas.floatTarget(canvas.width(), canvas.height());
        int channels = canvas.channels();
        int stride = canvas.width() * channels;
        int length = canvas.length();
        for (int start = 0; start < length; start += stride) {
            for (int p = start + stride - channels, q = start; p >= start; p -= channels, q += channels) {
                for (int c = 0; c < channels; c++) {
                    to[q + c] = from[p + c];
                }
            }
        }
        canvas.advance();
    }

    /** Blends every sample with one grey value. */
    static void blendWithConstant(Canvas canvas, float grey, double factor) {
        float[] from = canvas.floatSamples();
        float[] to = canvas.floatTarget(canvas.width(), canvas.height());
        float f = (float) factor;
        int length = canvas.length();
        for (int i = 0; i < length; i++) {
            to[i] = blend(grey, from[i], f);
        }
        canvas.advance();
    }

    /** The mean grey value of an RGB image, the mean sample of one with a single channel. */
    static float meanGrey(Canvas canvas) {
        float[] samples = canvas.floatSamples();
        int length = canvas.length();
        double sum = 0;
        if (canvas.channels() == 1) {
            for (int i = 0; i < length; i++) {
                sum += samples[i];
            }
            return (float) (sum / length);
        }
        for (int i = 0; i < length; i += 3) {
            sum += luma(samples[i], samples[i + 1], samples[i + 2]);
        }
        return (float) (sum / (length / 3.0));
    }

    /** Blends every pixel with its own grey value; a factor of 0 leaves the grey. */
    static void saturate(Canvas canvas, double factor) {
        float[] from = canvas.floatSamples();
        float[] to = canvas.floatTarget(canvas.width(), canvas.height());
        float f = (float) factor;
        int length = canvas.length();
        for (int i = 0; i < length; i += 3) {
            float grey = luma(from[i], from[i + 1], from[i + 2]);
            to[i] = blend(grey, from[i], f);
            to[i + 1] = blend(grey, from[i + 1], f);
            to[i + 2] = blend(grey, from[i + 2], f);
        }
        canvas.advance();
    }

    static void add(Canvas canvas, float delta) {
        float[] from = canvas.floatSamples();
        float[] to = canvas.floatTarget(canvas.width(), canvas.height());
        int length = canvas.length();
        for (int i = 0; i < length; i++) {
            to[i] = clip(from[i] + delta);
        }
        canvas.advance();
    }

    static void solarize(Canvas canvas, float threshold) {
        float[] from = canvas.floatSamples();
        float[] to = canvas.floatTarget(canvas.width(), canvas.height());
        int length = canvas.length();
        for (int i = 0; i < length; i++) {
            to[i] = from[i] < threshold ? from[i] : 1 - from[i];
        }
        canvas.advance();
    }
}
