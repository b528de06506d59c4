package dev.byol.augment;

/** Mirrors top and bottom. */
public record VerticalFlip() implements Operation {
    @Override
    public void apply(Canvas canvas) {
        int width = canvas.width();
        int height = canvas.height();
        int stride = width * canvas.channels();
        Object from = canvas.isFloat() ? canvas.floatSamples() : canvas.samples();
        Object to = canvas.isFloat() ? canvas.floatTarget(width, height) : canvas.target(width, height);
        for (int y = 0; y < height; y++) {
            System.arraycopy(from, y * stride, to, (height - 1 - y) * stride, stride);
        }
        canvas.advance();
    }
}
