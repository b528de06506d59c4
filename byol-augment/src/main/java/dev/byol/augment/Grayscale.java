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
        int length = canvas.length();
        for (int i = 0; i < length; i += 3) {
            byte grey = (byte) Blend.luma(from[i] & 0xFF, from[i + 1] & 0xFF, from[i + 2] & 0xFF);
            to[i] = grey;
            to[i + 1] = grey;
            to[i + 2] = grey;
        }
        canvas.advance();
    }
}
