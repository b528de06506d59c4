package dev.byol.augment;

/** Replaces every pixel by its grey value (ITU-R 601-2), in all three channels: torchvision's {@code rgb_to_grayscale(3)} on Pillow images. For RGB. */
public record Grayscale() implements Operation {
    @Override
    public boolean accepts(int channels) {
        return channels == 3;
    }

    /** @throws IllegalArgumentException if the image has not 3 channels */
    @Override
    public void apply(Canvas canvas) {
        Check.channels(this, canvas.channels());
        if (canvas.isFloat()) {
            FloatPixels.saturate(canvas, 0);
            return;
        }
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int count = canvas.width() * canvas.height();
        int[] pixels = canvas.ints(0, Pixels.CHUNK);
        int[] grey = canvas.ints(1, Pixels.CHUNK);
        for (int first = 0; first < count; first += Pixels.CHUNK) {
            int n = Math.min(Pixels.CHUNK, count - first);
            Pixels.load(from, 3 * first, 3, pixels, 0, n);
            Pixels.luma(Pixels.APART, pixels, grey, n);
            triple(Pixels.APART, grey, n);
            Pixels.store(grey, 0, to, 3 * first, 3, 3, n);
        }
        canvas.advance();
    }

    private static void triple(int apart, int[] grey, int count) {
        if (apart > 0) {
            triple(apart - 1, grey, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            grey[i] *= 0x010101;
        }
    }
}
