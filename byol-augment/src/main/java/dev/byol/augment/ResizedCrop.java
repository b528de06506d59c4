package dev.byol.augment;

/**
 * Cuts a rectangle out and resizes it, antialiased: torchvision's {@code resized_crop} on Pillow images. No pixel outside the
 * rectangle is read. Of a float image nothing is rounded, and what bicubic weights shoot over is clipped.
 *
 * @param top first row of the rectangle
 * @param left first column of the rectangle
 * @param height rows of the rectangle, at least 1
 * @param width columns of the rectangle, at least 1
 * @param result the size to resize to
 * @param interpolation how the samples are weighed
 */
public record ResizedCrop(int top, int left, int height, int width, Size result, Interpolation interpolation)
        implements Operation {
    /** @throws IllegalArgumentException if the rectangle is empty or begins outside any image */
    public ResizedCrop {
        Check.region(top, left, height, width);
    }

    /**
     * Bilinear.
     *
     * @throws IllegalArgumentException if the rectangle is empty or begins outside any image
     */
    public ResizedCrop(int top, int left, int height, int width, Size result) {
        this(top, left, height, width, result, Interpolation.BILINEAR);
    }

    /** @throws IllegalArgumentException if the rectangle does not lie in an image of this size */
    @Override
    public Size resultOf(Size input) {
        if (!reads(input).isWithin(input)) {
            throw new IllegalArgumentException(this + " does not lie in an image of " + input);
        }
        return result;
    }

    @Override
    public Region reads(Size input) {
        return new Region(top, left, height, width);
    }

    @Override
    public void apply(Canvas canvas) {
        resultOf(new Size(canvas.width(), canvas.height()));
        if (canvas.isFloat()) {
            FloatResampler.resizedCrop(canvas, top, left, height, width, result, interpolation);
            return;
        }
        int start = (top * canvas.width() + left) * canvas.channels();
        byte[] target = canvas.target(result.width(), result.height());
        canvas.resampler().resize(start, width, height, result, interpolation, target);
        canvas.advance();
    }
}
