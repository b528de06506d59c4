package dev.byol.augment;

/**
 * Moves all samples away from, or towards, the image's mean grey value: torchvision's {@code adjust_contrast} on Pillow
 * images. For RGB, and for images of one channel, whose samples are their grey values.
 *
 * @param factor 0 gives uniform grey, 1 the image itself; not negative
 */
public record Contrast(double factor) implements Operation {
    /** @throws IllegalArgumentException if the factor is negative or not finite */
    public Contrast {
        Check.factor("contrast factor", factor);
    }

    @Override
    public boolean accepts(int channels) {
        return channels == 3 || channels == 1;
    }

    /** @throws IllegalArgumentException if the image has not 1 or 3 channels */
    @Override
    public void apply(Canvas canvas) {
        Check.channels(this, canvas.channels());
        if (canvas.isFloat()) {
            FloatPixels.blendWithConstant(canvas, FloatPixels.meanGrey(canvas), factor);
            return;
        }
        int grey = canvas.channels() == 1 ? meanSample(canvas.samples(), canvas.length()) : meanGrey(canvas);
        new Blend(factor).withConstant(canvas, grey);
    }

    private static int meanSample(byte[] samples, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += samples[i] & 0xFF;
        }
        return (int) ((double) sum / length + 0.5);
    }

    private static int meanGrey(Canvas canvas) {
        int count = canvas.width() * canvas.height();
        int[] pixels = canvas.ints(0, Pixels.CHUNK);
        int[] grey = canvas.ints(1, Pixels.CHUNK);
        long sum = 0;
        for (int first = 0; first < count; first += Pixels.CHUNK) {
            int n = Math.min(Pixels.CHUNK, count - first);
            Pixels.load(canvas.samples(), 3 * first, 3, pixels, 0, n);
            Pixels.luma(Pixels.APART, pixels, grey, n);
            sum += sum(grey, n);
        }
        return (int) ((double) sum / count + 0.5);
    }

    private static int sum(int[] values, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i];
        }
        return sum;
    }
}
