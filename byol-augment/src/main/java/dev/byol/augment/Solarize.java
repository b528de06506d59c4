package dev.byol.augment;

/**
 * Inverts all samples at or above a threshold: torchvision's {@code solarize} on Pillow images. In a
 * float image from {@code threshold / 256} on, which is 0.5 for 128.
 *
 * @param threshold in [0, 256]; 128 is the usual one, 256 changes nothing
 */
public record Solarize(int threshold) implements Operation {
    /** @throws IllegalArgumentException if the threshold is outside [0, 256] */
    public Solarize {
        Check.range("solarize threshold", threshold, 0, 256);
    }

    @Override
    public void apply(Canvas canvas) {
        if (canvas.isFloat()) {
            FloatPixels.solarize(canvas, threshold == 256 ? Float.POSITIVE_INFINITY : threshold / 256f);
            return;
        }
        byte[] table = new byte[256];
        for (int v = 0; v < 256; v++) {
            table[v] = (byte) (v < threshold ? v : 255 - v);
        }
        Blend.lookUp(canvas, table);
    }
}
