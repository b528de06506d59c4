package dev.byol.augment;

/** The operations that move or change pixels one by one, on float images: torchvision's on float tensors. */
final class FloatPixels {
    private FloatPixels() {}

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
}
