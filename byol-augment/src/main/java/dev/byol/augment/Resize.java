package dev.byol.augment;

/**
 * Resizes to an exact size, antialiased: torchvision's {@code Resize((height, width))} on Pillow images. An image of that
 * size stays as it is.
 *
 * @param result the size to resize to
 * @param interpolation how the samples are weighed
 */
public record Resize(Size result, Interpolation interpolation) implements Operation {
    @Override
    public Size resultOf(Size input) {
        return result;
    }

    @Override
    public void apply(Canvas canvas) {
        if (canvas.width() != result.width() || canvas.height() != result.height()) {
            new ResizedCrop(0, 0, canvas.height(), canvas.width(), result, interpolation).apply(canvas);
        }
    }
}
