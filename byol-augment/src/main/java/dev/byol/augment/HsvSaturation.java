package dev.byol.augment;

/**
 * Multiplies the saturation of HSV, clipped to 1: the saturation of SimCLR's and BYOL's code
 * ({@code tf.image.adjust_saturation}), where torchvision's {@link Saturation} blends with the grey value. Hue and value (the
 * largest channel) stay: every channel {@code x} becomes {@code v - (v - x) * min(factor, v / (v - min))}. For RGB; bytes are
 * rounded to the nearest level.
 *
 * @param factor 0 gives grey of every pixel's largest channel, 1 the image itself; not negative
 */
public record HsvSaturation(double factor) implements Operation {
    /** @throws IllegalArgumentException if the factor is negative or not finite */
    public HsvSaturation {
        Check.factor("saturation factor", factor);
    }

    @Override
    public boolean accepts(int channels) {
        return channels == 3;
    }

    /** @throws IllegalArgumentException if the image has not 3 channels */
    @Override
    public void apply(Canvas canvas) {
        Check.channels(this, canvas.channels());
        int width = canvas.width();
        int height = canvas.height();
        if (canvas.isFloat()) {
            saturate(canvas.floatSamples(), canvas.floatTarget(width, height), canvas.length());
        } else {
            saturate(canvas.samples(), canvas.target(width, height), canvas.length());
        }
        canvas.advance();
    }

    private void saturate(byte[] from, byte[] to, int length) {
        float f = (float) factor;
        for (int i = 0; i < length; i += 3) {
            int r = from[i] & 0xFF;
            int g = from[i + 1] & 0xFF;
            int b = from[i + 2] & 0xFF;
            int v = Math.max(r, Math.max(g, b));
            int range = v - Math.min(r, Math.min(g, b));
            float k = f * range <= v ? f : (float) v / range;
            float rounded = v + 0.5f;
            to[i] = (byte) (rounded - (v - r) * k);
            to[i + 1] = (byte) (rounded - (v - g) * k);
            to[i + 2] = (byte) (rounded - (v - b) * k);
        }
    }

    private void saturate(float[] from, float[] to, int length) {
        float f = (float) factor;
        for (int i = 0; i < length; i += 3) {
            float v = Math.max(from[i], Math.max(from[i + 1], from[i + 2]));
            float range = v - Math.min(from[i], Math.min(from[i + 1], from[i + 2]));
            float k = f * range <= v ? f : v / range;
            to[i] = FloatPixels.clip(v - (v - from[i]) * k);
            to[i + 1] = FloatPixels.clip(v - (v - from[i + 1]) * k);
            to[i + 2] = FloatPixels.clip(v - (v - from[i + 2]) * k);
        }
    }
}
