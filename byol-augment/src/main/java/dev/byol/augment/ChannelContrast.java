package dev.byol.augment;

/**
 * Moves every channel's samples away from, or towards, that channel's mean: the contrast of SimCLR's and BYOL's code
 * ({@code tf.image.adjust_contrast}), where torchvision's {@link Contrast} takes the mean grey value. For any number of
 * channels; bytes are rounded to the nearest level.
 *
 * @param factor 0 gives every channel's mean, 1 the image itself; not negative
 */
public record ChannelContrast(double factor) implements Operation {
    /** @throws IllegalArgumentException if the factor is negative or not finite */
    public ChannelContrast {
        Check.factor("contrast factor", factor);
    }

    @Override
    public void apply(Canvas canvas) {
        int channels = canvas.channels();
        int length = canvas.length();
        int pixels = length / channels;
        if (canvas.isFloat()) {
            float[] from = canvas.floatSamples();
            float[] to = canvas.floatTarget(canvas.width(), canvas.height());
            for (int c = 0; c < channels; c++) {
                double sum = 0;
                for (int i = c; i < length; i += channels) {
                    sum += from[i];
                }
                double mean = sum / pixels;
                for (int i = c; i < length; i += channels) {
                    to[i] = FloatPixels.clip((float) (factor * (from[i] - mean) + mean));
                }
            }
        } else {
            byte[] from = canvas.samples();
            byte[] to = canvas.target(canvas.width(), canvas.height());
            byte[] table = new byte[256];
            for (int c = 0; c < channels; c++) {
                long sum = 0;
                for (int i = c; i < length; i += channels) {
                    sum += from[i] & 0xFF;
                }
                double mean = (double) sum / pixels;
                for (int v = 0; v < 256; v++) {
                    table[v] = (byte) Math.max(0, Math.min(255, Math.rint(factor * (v - mean) + mean)));
                }
                for (int i = c; i < length; i += channels) {
                    to[i] = table[from[i] & 0xFF];
                }
            }
        }
        canvas.advance();
    }
}
