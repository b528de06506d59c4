package dev.byol.augment;

/**
 * Resizes, antialiased, so that the shorter side has {@code side} pixels and the proportions stay:
 * torchvision's {@code Resize(side)} on Pillow images.
 *
 * @param side the shorter side's pixels, at least 1
 * @param interpolation how the samples are weighed
 */
public record ResizeShorterSide(int side, Interpolation interpolation) implements Operation {
    /** @throws IllegalArgumentException if {@code side} is below 1 */
    public ResizeShorterSide {
        Check.atLeast("side", side, 1);
    }

    /**
     * Bilinear.
     *
     * @throws IllegalArgumentException if {@code side} is below 1
     */
    public ResizeShorterSide(int side) {
        this(side, Interpolation.BILINEAR);
    }

    @Override
    public Size resultOf(Size input) {
        return input.width() <= input.height()
                ? new Size(side, longer(input.height(), input.width()))
                : new Size(longer(input.width(), input.height()), side);
    }

    private int longer(int longSide, int shortSide) {
        return (int) Math.min((long) side * longSide / shortSide, Integer.MAX_VALUE);
    }

    @Override
    public void apply(Canvas canvas) {
        new Resize(resultOf(new Size(canvas.width(), canvas.height())), interpolation).apply(canvas);
    }
}
