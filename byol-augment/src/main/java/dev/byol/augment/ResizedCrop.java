package dev.byol.augment;

import static java.lang.Math.min;

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
    private static final int BAND = 128;

    /** @throws IllegalArgumentException if the rectangle is empty or begins outside any image */
    public ResizedCrop {
        Check.atLeast("top", top, 0);
        Check.atLeast("left", left, 0);
        Check.atLeast("height", height, 1);
        Check.atLeast("width", width, 1);
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
        if ((long) left + width > input.width() || (long) top + height > input.height()) {
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
        int channels = canvas.channels();
        int stride = canvas.width() * channels;
        int start = top * stride + left * channels;
        int length = result.width() * channels;
        byte[] target = canvas.target(result.width(), result.height());
        int[][] rows = canvas.rows(0, height, length);
        if (width == result.width()) {
            Rows.load(canvas.samples(), start, stride, height, length, rows);
        } else {
            resizeLines(canvas, start, stride, rows);
        }
        if (height != result.height()) {
            int[][] resized = canvas.rows(1, result.height(), length);
            canvas.resampler().resample(interpolation, rows, height, resized, result.height(), length);
            rows = resized;
        }
        Rows.store(rows, result.height(), length, target);
        canvas.advance();
    }

    /** The horizontal pass, transposed, in bands of lines so that the scratch memory of a large image stays small. */
    private void resizeLines(Canvas canvas, int start, int stride, int[][] rows) {
        int channels = canvas.channels();
        for (int y = 0; y < height; y += BAND) {
            int lines = min(BAND, height - y);
            int[][] columns = canvas.rows(1, width, lines * channels);
            int[][] resized = canvas.rows(2, result.width(), lines * channels);
            Rows.loadTransposed(canvas.samples(), start + y * stride, stride, width, lines, channels, columns);
            canvas.resampler().resample(interpolation, columns, width, resized, result.width(), lines * channels);
            Rows.transpose(resized, result.width(), lines, channels, rows, y);
        }
    }
}
