package dev.byol.augment;

/** Mirrors left and right. */
public record HorizontalFlip() implements Operation {
    @Override
    public void apply(Canvas canvas) {
        if (canvas.isFloat()) {
            FloatPixels.flipHorizontally(canvas);
            return;
        }
        byte[] from = canvas.samples();
        byte[] to = canvas.target(canvas.width(), canvas.height());
        int channels = canvas.channels();
        int stride = canvas.width() * channels;
        int last = canvas.length() - stride;
        if (channels == 3) {
            switch (canvas.width()) { // a loop whose length is a constant takes three quarters of the time
                case 32 -> mirrorTriples(from, to, 3 * 32, last);
                case 96 -> mirrorTriples(from, to, 3 * 96, last);
                case 224 -> mirrorTriples(from, to, 3 * 224, last);
                default -> mirrorTriples(from, to, stride, last);
            }
            mirror(from, to, last, canvas.width(), 3); // nothing comes after its last pixel
        } else {
            for (int start = 0; start <= last; start += stride) {
                mirror(from, to, start, canvas.width(), channels);
            }
        }
        canvas.advance();
    }

    /** Rows of pixels by four bytes at once; the fourth is overwritten by the next pixel or row. */
    private static void mirrorTriples(byte[] from, byte[] to, int stride, int end) {
        for (int start = 0; start < end; start += stride) {
            int last = start + stride - 3;
            for (int i = 0; i < stride; i += 3) {
                Pixels.INT.set(to, start + i, (int) Pixels.INT.get(from, last - i));
            }
        }
    }

    private static void mirror(byte[] from, byte[] to, int start, int width, int channels) {
        int p = start + (width - 1) * channels;
        for (int q = start; p >= start; p -= channels, q += channels) {
            for (int c = 0; c < channels; c++) {
                to[q + c] = from[p + c];
            }
        }
    }
}
