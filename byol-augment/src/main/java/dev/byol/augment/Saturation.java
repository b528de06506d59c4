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
        Blend blend = new Blend(factor);
        int count = canvas.width() * canvas.height();
        int[] pixels = canvas.ints(0, Pixels.CHUNK);
        int[] grey = canvas.ints(1, Pixels.CHUNK);
        int[] out = canvas.ints(2, Pixels.CHUNK);
        for (int first = 0; first < count; first += Pixels.CHUNK) {
            int n = Math.min(Pixels.CHUNK, count - first);
            Pixels.load(from, 3 * first, 3, pixels, 0, n);
            Pixels.luma(Pixels.APART, pixels, grey, n);
            blend.withGrey(canvas, pixels, grey, out, n);
            Pixels.store(out, 0, to, 3 * first, 3, 3, n);
        }
        canvas.advance();
    }
}
