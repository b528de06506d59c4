package dev.byol.augment;

/**
 * Moves every pixel away from, or towards, its own grey value: torchvision's {@code adjust_saturation} on Pillow images.
 * For RGB.
 *
 * @param factor 0 gives a grey image, 1 the image itself; not negative
 */
public record Saturation(double factor) implements Operation {
    /** @throws IllegalArgumentException if the factor is negative or not finite */
    public Saturation {
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
        if (canvas.isFloat()) {
            FloatPixels.saturate(canvas, factor);
            return;
        }
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int length = canvas.length();
        float f = (float) factor;
        for (int i = 0; i < length; i += 3) {
            int r = from[i] & 0xFF;
            int g = from[i + 1] & 0xFF;
            int b = from[i + 2] & 0xFF;
            int grey = Blend.luma(r, g, b);
            to[i] = (byte) Blend.blend(grey, r, f);
            to[i + 1] = (byte) Blend.blend(grey, g, f);
            to[i + 2] = (byte) Blend.blend(grey, b, f);
        }
        canvas.advance();
    }
}
