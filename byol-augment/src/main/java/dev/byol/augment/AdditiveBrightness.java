package dev.byol.augment;

/**
 * Adds one value to all samples, clipped: the brightness of SimCLR's first and BYOL's code ({@code tf.image.adjust_brightness}),
 * where torchvision's {@link Brightness} multiplies. Bytes are rounded to the nearest level.
 *
 * @param delta what is added, in units of the full scale, in [-1, 1]
 */
public record AdditiveBrightness(double delta) implements Operation {
    /** @throws IllegalArgumentException if delta is outside [-1, 1] */
    public AdditiveBrightness {
        Check.range("brightness delta", delta, -1, 1);
    }

    @Override
    public void apply(Canvas canvas) {
        if (canvas.isFloat()) {
            FloatPixels.add(canvas, (float) delta);
            return;
        }
        byte[] table = new byte[256];
        for (int v = 0; v < 256; v++) {
            table[v] = (byte) Math.max(0, Math.min(255, Math.rint(v + 255 * delta)));
        }
        Blend.lookUp(canvas, table);
    }
}
