package dev.byol.augment;

/**
 * Cuts the central square out. Where the margins cannot be equal, the offset is rounded half to even, as torchvision's
 * {@code CenterCrop} does; unlike it, this never pads.
 *
 * @param side the square's pixels, at least 1
 */
public record CenterCrop(int side) implements Operation {
    /** @throws IllegalArgumentException if {@code side} is below 1 */
    public CenterCrop {
        Check.atLeast("side", side, 1);
    }

    /** @throws IllegalArgumentException if an image of this size is smaller than the square */
    @Override
    public Size resultOf(Size input) {
        if (input.width() < side || input.height() < side) {
            throw new IllegalArgumentException(this + " does not fit in an image of " + input);
        }
        return new Size(side, side);
    }

    /** @throws IllegalArgumentException if an image of this size is smaller than the square */
    @Override
    public Region reads(Size input) {
        resultOf(input);
        return new Region(margin(input.height()), margin(input.width()), side, side);
    }

    private int margin(int of) {
        return (int) Math.rint((of - side) / 2.0);
    }

    @Override
    public void apply(Canvas canvas) {
        Size input = new Size(canvas.width(), canvas.height());
        Size result = resultOf(input);
        if (result.equals(input)) {
            return;
        }
        int channels = canvas.channels();
        int left = margin(input.width());
        int top = margin(input.height());
        Object from = canvas.isFloat() ? canvas.floatSamples() : canvas.samples();
        Object to = canvas.isFloat() ? canvas.floatTarget(side, side) : canvas.target(side, side);
        int length = side * channels;
        for (int y = 0; y < side; y++) {
            System.arraycopy(from, ((top + y) * input.width() + left) * channels, to, y * length, length);
        }
        canvas.advance();
    }
}
