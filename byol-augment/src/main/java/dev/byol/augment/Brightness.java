package dev.byol.augment;

/**
 * Multiplies all samples, clipped: torchvision's {@code adjust_brightness} on Pillow images.
 *
 * @param factor 0 gives black, 1 the image itself; not negative
 */
public record Brightness(double factor) implements Operation {
    /** @throws IllegalArgumentException if the factor is negative or not finite */
    public Brightness {
        Check.factor("brightness factor", factor);
    }

    @Override
    public void apply(Canvas canvas) {
        if (canvas.isFloat()) {
            FloatPixels.blendWithConstant(canvas, 0, factor);
            return;
        }
        new Blend(factor).withConstant(canvas, 0);
    }
}
